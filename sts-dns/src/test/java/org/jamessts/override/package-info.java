/** What an operator may say about domains, and when it counts. */
@NullMarked
package org.jamessts.override;

import org.jspecify.annotations.NullMarked;
