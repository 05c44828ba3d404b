package org.jamessts.smtp;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must not come back to us in a server's words, which end in logs and bounces. There are
 * servers that quote a command that they do not understand, whole or cut.
 */
final class SpokenSecrets {

  /** So many characters in a row are no coincidence; a shorter secret counts as a whole. */
  private static final int TELLTALE = 8;

  private static final String INSTEAD = "(the words are left out: they repeat what was sent)";

  private final Set<String> parts;

  private SpokenSecrets(Set<String> parts) {
    this.parts = parts;
  }

  static SpokenSecrets of(List<String> secrets) {
    Set<String> parts = new HashSet<>();
    for (String secret : secrets) {
      int length = Math.min(TELLTALE, secret.length());
      for (int i = 0; length > 0 && i + length <= secret.length(); i++) {
        parts.add(secret.substring(i, i + length));
      }
    }
    return new SpokenSecrets(parts);
  }

  /** The text, or in its place a remark. */
  String without(String text) {
    return gaveAway(text) ? INSTEAD : text;
  }

  /** The reply, or one with the same codes and a remark. */
  SmtpReply without(SmtpReply reply) {
    return gaveAway(String.join("", reply.lines()))
        ? new SmtpReply(reply.code(), reply.enhanced(), List.of(INSTEAD))
        : reply;
  }

  private boolean gaveAway(String text) {
    for (int start = 0; start < text.length(); start++) {
      for (int length = 1; length <= TELLTALE && start + length <= text.length(); length++) {
        if (parts.contains(text.substring(start, start + length))) {
          return true;
        }
      }
    }
    return false;
  }
}
