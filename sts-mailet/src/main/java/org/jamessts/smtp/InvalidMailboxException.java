package org.jamessts.smtp;

/** A text that cannot be the address of an envelope. The message says why and shows it safely. */
public final class InvalidMailboxException extends Exception {

  private static final int MAX_SHOWN = 100;

  InvalidMailboxException(String text, String why) {
    super("not a mailbox that SMTP can carry: " + why + ": " + PrintableText.of(text, MAX_SHOWN));
  }
}
