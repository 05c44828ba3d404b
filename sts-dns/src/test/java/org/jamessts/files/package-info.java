/** Real files that change under their reader. */
@NullMarked
package org.jamessts.files;

import org.jspecify.annotations.NullMarked;
