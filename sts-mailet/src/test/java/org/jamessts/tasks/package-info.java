/** Our tasks as James writes and reads them. */
@NullMarked
package org.jamessts.tasks;

import org.jspecify.annotations.NullMarked;
