package org.jamessts.smtp;

import java.util.OptionalInt;

/**
 * What is asked for a mail besides its delivery.
 *
 * @param dsn what the sender wants to be told
 * @param priority -9 to 9 where the sender named one (RFC 6710 §2); for servers that offer
 *     MT-PRIORITY
 * @param allOrNone whether nobody gets the mail of a server that refuses one of the recipients
 */
public record MailOptions(DsnWishes dsn, OptionalInt priority, boolean allOrNone) {

  /** Nothing is asked. */
  public static final MailOptions NONE =
      new MailOptions(DsnWishes.NONE, OptionalInt.empty(), false);

  private static final int HIGHEST = 9;

  public MailOptions {
    if (priority.isPresent() && Math.abs(priority.getAsInt()) > HIGHEST) {
      throw new IllegalArgumentException("no priority: " + priority.getAsInt());
    }
  }
}
