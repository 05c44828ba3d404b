/** That no guard is ever taken away outside tests. */
@NullMarked
package org.jamessts.guard;

import org.jspecify.annotations.NullMarked;
