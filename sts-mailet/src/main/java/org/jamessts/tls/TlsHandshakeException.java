package org.jamessts.tls;

/** No TLS with this peer. The message is the reason, for a person to read. */
public final class TlsHandshakeException extends Exception {

  private final boolean timedOut;

  TlsHandshakeException(String reason, boolean timedOut, Throwable cause) {
    super(reason, cause);
    this.timedOut = timedOut;
  }

  /** Whether the peer took too long, rather than failed. */
  public boolean timedOut() {
    return timedOut;
  }
}
