/** Names, paths and trusted roots, judged with certificates of a private authority. */
@NullMarked
package org.jamessts.x509;

import org.jspecify.annotations.NullMarked;
