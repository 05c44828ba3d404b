/** Tests of the switch that takes enforcement back. */
@NullMarked
package org.jamessts.enforcement;

import org.jspecify.annotations.NullMarked;
