/** The guarded client against a real HTTPS server that misbehaves in every way. */
@NullMarked
package org.jamessts.https;

import org.jspecify.annotations.NullMarked;
