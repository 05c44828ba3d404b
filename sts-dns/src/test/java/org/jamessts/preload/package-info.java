/** Lists, their signatures, and files that change. */
@NullMarked
package org.jamessts.preload;

import org.jspecify.annotations.NullMarked;
