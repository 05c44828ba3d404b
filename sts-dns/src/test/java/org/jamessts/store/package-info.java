/** The stores against real databases, which are killed, stopped, locked and damaged. */
@NullMarked
package org.jamessts.store;

import org.jspecify.annotations.NullMarked;
