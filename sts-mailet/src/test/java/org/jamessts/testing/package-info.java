/**
 * The receiving side of the private Internet that tests and the demo use: {@link
 * org.jamessts.testing.SmtpSink}, a real SMTP server on loopback that remembers what it got and
 * misbehaves on demand ({@link org.jamessts.testing.SmtpEffect}).
 */
@NullMarked
package org.jamessts.testing;

import org.jspecify.annotations.NullMarked;
