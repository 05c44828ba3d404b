package org.jamessts.decide;

import org.jamessts.tls.TlsFacts;

/** What became of the attempt to get TLS with an MX host (RFC 3207 §4). */
public sealed interface Channel {

  /**
   * TLS is established.
   *
   * @param facts what the handshake showed
   */
  record Encrypted(TlsFacts facts) implements Channel {}

  /** The host's EHLO reply does not offer STARTTLS. */
  record NotOffered() implements Channel {}

  /**
   * The host offers STARTTLS but refuses the command.
   *
   * @param reply its words
   */
  record Refused(String reply) implements Channel {}

  /**
   * STARTTLS was accepted, but no TLS session came of it.
   *
   * @param detail what happened
   */
  record HandshakeFailed(String detail) implements Channel {}
}
