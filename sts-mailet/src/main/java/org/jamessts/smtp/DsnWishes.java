package org.jamessts.smtp;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the sender wants to be told of a mail's fate (RFC 3461 §4). It is handed on to servers that
 * offer DSN.
 *
 * @param ret how much of the mail a report should return
 * @param envid what the sender calls the mail; at most 100 characters (§4.4)
 * @param recipients what is said for single recipients
 */
public record DsnWishes(
    Optional<Ret> ret, Optional<Xtext> envid, Map<MailboxPath, ForRecipient> recipients) {

  private static final int MAX_ENVID = 100;

  /** Nothing was said. */
  public static final DsnWishes NONE = new DsnWishes(Optional.empty(), Optional.empty(), Map.of());

  /** Leaves out an ENVID that is too long. */
  public DsnWishes {
    envid = envid.filter(id -> id.encoded().length() <= MAX_ENVID);
    recipients = Map.copyOf(recipients);
  }

  /** How much of the mail a report of failure returns (RFC 3461 §4.3). */
  public enum Ret {
    FULL,
    HDRS
  }

  /** When to report (RFC 3461 §4.1). */
  public enum Notify {
    NEVER,
    SUCCESS,
    FAILURE,
    DELAY
  }

  /**
   * What is said for one recipient.
   *
   * @param occasions when to report; empty leaves it to the servers. {@code NEVER} stands alone
   * @param orcpt the address that the sender gave, of the type rfc822 (§4.2)
   */
  public record ForRecipient(Set<Notify> occasions, Optional<Xtext> orcpt) {

    private static final int MAX_ORCPT = 500 - "rfc822;".length();

    /** Leaves out an ORCPT that is too long. */
    public ForRecipient {
      occasions = Set.copyOf(occasions);
      orcpt = orcpt.filter(address -> address.encoded().length() <= MAX_ORCPT);
      if (occasions.contains(Notify.NEVER) && occasions.size() > 1) {
        throw new IllegalArgumentException("NEVER stands alone");
      }
    }

    /** As parameters of RCPT, each after a space. */
    String parameters() {
      String when =
          occasions.isEmpty()
              ? ""
              : " NOTIFY="
                  + new TreeSet<>(occasions)
                      .stream().map(Enum::name).collect(Collectors.joining(","));
      return when + orcpt.map(address -> " ORCPT=rfc822;" + address).orElse("");
    }
  }

  /** As parameters of MAIL, each after a space. */
  String parameters() {
    return ret.map(how -> " RET=" + how).orElse("") + envid.map(id -> " ENVID=" + id).orElse("");
  }

  /** As parameters of RCPT, each after a space. */
  String parameters(MailboxPath recipient) {
    ForRecipient said = recipients.get(recipient);
    return said == null ? "" : said.parameters();
  }
}
