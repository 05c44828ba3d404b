/** Tests of when reports are sent, and of what is sent. */
@NullMarked
package org.jamessts.tlsrpt.send;

import org.jspecify.annotations.NullMarked;
