package org.jamessts.testing;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A transaction that a {@link SmtpSink} received up to the final dot.
 *
 * @param reversePath without brackets; empty for {@code <>}
 * @param recipients those that the server accepted, without brackets
 * @param mailParameters what followed the path in MAIL
 * @param recipientParameters what followed the path in each RCPT that the server accepted
 * @param content exactly as received after the doubled dots were undone, one character an octet
 * @param chunks how many there were; 0 after DATA
 * @param accepted whether the server answered the final dot with 2xx
 * @param ehloName how the client introduced itself
 * @param client where it came from
 * @param tls how it was protected; empty in clear
 */
public record ReceivedMail(
    String reversePath,
    List<String> recipients,
    List<String> mailParameters,
    List<List<String>> recipientParameters,
    String content,
    int chunks,
    boolean accepted,
    String ehloName,
    InetAddress client,
    Optional<Tls> tls) {

  public ReceivedMail {
    recipients = List.copyOf(recipients);
    mailParameters = List.copyOf(mailParameters);
    recipientParameters = List.copyOf(recipientParameters);
  }

  /**
   * The TLS session of a connection.
   *
   * @param protocol for example {@code TLSv1.3}
   * @param serverName the SNI name, if there was one
   */
  public record Tls(String protocol, Optional<String> serverName) {}

  /** Whether it came in TLS. */
  public boolean inTls() {
    return tls.isPresent();
  }
}
