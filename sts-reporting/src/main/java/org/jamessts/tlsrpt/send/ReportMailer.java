package org.jamessts.tlsrpt.send;

import java.io.IOException;

/** Sends mail with reports; safe for use by many threads. */
public interface ReportMailer {

  /**
   * Hands a mail over to a server that keeps it until it is delivered. On the way no policy holds
   * for it, and no session with it is counted (RFC 8460 §5.3).
   *
   * @throws IOException when it was not taken
   */
  void send(ReportMail mail) throws IOException;
}
