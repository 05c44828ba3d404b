/**
 * Delivery status notifications (RFC 3464): what a sender gets when his mail fails or is late. A
 * {@link org.jamessts.dsn.StatusNotification} holds all that one says, and writes it as a {@code
 * multipart/report} (RFC 6522) of three parts: an explanation for people, fields for programs, and
 * the mail that it is about. Nothing that strangers contributed, an address, a reply or a header,
 * can add a field, a line of its own choice, or more than a bounded number of octets.
 *
 * <p>The package knows nothing of James: the package {@code delivery} knows whom to tell and when.
 */
@NullMarked
package org.jamessts.dsn;

import org.jspecify.annotations.NullMarked;
