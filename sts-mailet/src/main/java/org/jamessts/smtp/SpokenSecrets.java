package org.jamessts.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must not come back to us in a server's words, which end in logs and bounces. There are
 * servers that quote a command that they do not understand, whole or cut.
 */
final class SpokenSecrets {

  /** So many characters in a row are no coincidence; a shorter secret counts as a whole. */
  private static final int TELLTALE = 6;

  private static final String INSTEAD = "(the words are left out: they repeat what was sent)";

  private final Set<String> parts;

  private SpokenSecrets(Set<String> parts) {
    this.parts = parts;
  }

  static SpokenSecrets of(List<String> secrets) {
    Set<String> parts = new HashSet<>();
    for (String secret : secrets) {
      addParts(secret, parts);
      // As a reply is shown.
      addParts(PrintableText.of(new String(secret.getBytes(UTF_8), ISO_8859_1)), parts);
    }
    return new SpokenSecrets(parts);
  }

  private static void addParts(String secret, Set<String> parts) {
    int length = Math.min(TELLTALE, secret.length());
    for (int i = 0; length > 0 && i + length <= secret.length(); i++) {
      parts.add(secret.substring(i, i + length));
    }
  }

  /** The text, or in its place a remark. */
  String without(String text) {
    return gaveAway(text) ? INSTEAD : text;
  }

  /** The reply, or one with the same codes and a remark. */
  SmtpReply without(SmtpReply reply) {
    return gaveAway(String.join("", reply.lines()))
        ? new SmtpReply(reply.code(), reply.enhanced(), List.of(INSTEAD), reply.isFromServer())
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
