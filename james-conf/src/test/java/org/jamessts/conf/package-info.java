/**
 * What an operator gets from this module, tried on a real James: the sample configuration, the
 * command {@code run}, the image, the extension jar.
 */
@NullMarked
package org.jamessts.conf;

import org.jspecify.annotations.NullMarked;
