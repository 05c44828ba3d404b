package org.jamessts.dsn;

/**
 * What a receiving server answered.
 *
 * @param host the server's name, in A-labels
 * @param text its SMTP reply in one line, code first; made printable ASCII and cut when long
 */
public record RemoteReply(String host, String text) {
  public RemoteReply {
    host = Lines.words(host);
    text = Lines.words(text);
  }
}
