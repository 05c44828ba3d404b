/**
 * The client side of SMTP, up to the reply to the final dot: blocking sockets, one thread for a
 * conversation. {@link org.jamessts.smtp.SmtpClient} opens an {@link
 * org.jamessts.smtp.SmtpConnection}, which says what the server offers, upgrades to TLS on request
 * and sends {@link org.jamessts.smtp.MailContent} to the recipients of an {@link
 * org.jamessts.smtp.Envelope}. What a server says about a recipient is a value ({@link
 * org.jamessts.smtp.RecipientResult}); what ends a conversation is a {@link
 * org.jamessts.smtp.SmtpException}. Nothing here decides whether a connection is good enough for a
 * mail: whoever sends has looked at {@link org.jamessts.smtp.SmtpConnection#tlsFacts} before.
 *
 * <p>Where the standards are: RFC 5321 (commands, replies, §4.5.2 transparency, §4.5.3 limits and
 * timeouts) in {@code SmtpConnection}, {@code Transaction}, {@code ReplyReader}, {@link
 * org.jamessts.smtp.DotStuffingOutputStream} and {@link org.jamessts.smtp.SmtpTimeouts}; RFC 3207
 * (STARTTLS) in {@link org.jamessts.smtp.SmtpConnection#startTls}; RFC 8314 (TLS first) in {@link
 * org.jamessts.smtp.SmtpClient#openInTls}; RFC 4954 (AUTH) in {@code Authentication}; RFC 2920
 * (PIPELINING) in {@code Transaction}; the parameters of RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC
 * 6531 (SMTPUTF8), RFC 3461 (DSN) and RFC 6710 (MT-PRIORITY) in {@code MailCommands}, and what
 * becomes of mail that a server cannot take in {@code Fit}; RFC 3030 (CHUNKING) in {@code
 * ChunkSender}; RFC 2034 and RFC 3463 (enhanced status codes) in {@link
 * org.jamessts.smtp.EnhancedStatus}.
 *
 * <p>A server is a stranger. Every reply is bounded in size, every step by an absolute deadline
 * which holds against one octet a second and against a peer that stops reading; and nothing that is
 * written can end a command or the mail before we end it.
 */
@NullMarked
package org.jamessts.smtp;

import org.jspecify.annotations.NullMarked;
