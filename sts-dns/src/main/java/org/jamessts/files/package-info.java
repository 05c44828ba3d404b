/**
 * Files that an operator gives and may change while the server runs. {@link
 * org.jamessts.files.WatchedFile} reads one with a cap on its size and tells whether it changed
 * since; {@link org.jamessts.files.Trouble} keeps what is wrong with one, and logs it once. {@link
 * org.jamessts.files.WholeFile} writes the copies that this server makes for itself.
 */
@NullMarked
package org.jamessts.files;

import org.jspecify.annotations.NullMarked;
