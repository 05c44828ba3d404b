package org.jamessts.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsPolicy;

/**
 * A policy by the grammar of RFC 8461 §3.2, octet for octet as it stands there; what it leaves open
 * is as {@code StsPolicyParser} settles it.
 */
record PlainPolicy(String mode, List<String> mx, long maxAge) {

  static PlainPolicy of(StsPolicy policy) {
    return new PlainPolicy(
        policy.mode().keyword(),
        policy.mx().stream().map(MxPattern::toString).toList(),
        policy.maxAge().toSeconds());
  }

  /** A text that says the same. */
  String spelled() {
    StringBuilder text = new StringBuilder("version: STSv1\r\nmode: ").append(mode);
    mx.forEach(pattern -> text.append("\r\nmx: ").append(pattern));
    return text.append("\r\nmax_age: ").append(maxAge).append("\r\n").toString();
  }

  static Optional<PlainPolicy> read(String text) {
    Cursor in = new Cursor(text);
    Map<String, String> first = new HashMap<>();
    List<String> mx = new ArrayList<>();
    do {
      Optional<String> name = in.name();
      boolean colon = in.skip(":");
      in.skipBlanks();
      // Blanks may follow a value; only a space may stand inside.
      String value = Cursor.withoutBlankEnd(in.take(c -> c >= ' ' && c != 0x7f));
      in.skipBlanks();
      boolean ends = in.atEnd() || in.skip("\r\n") || in.skip("\n");
      if (name.isEmpty() || !colon || value.isEmpty() || !ends) {
        return Optional.empty();
      }
      first.putIfAbsent(name.get(), value);
      if (name.get().equals("mx")) {
        mx.add(value);
      }
    } while (!in.atEnd());
    return meaning(first, mx);
  }

  private static Optional<PlainPolicy> meaning(Map<String, String> first, List<String> mx) {
    String mode = first.getOrDefault("mode", "");
    String maxAge = first.getOrDefault("max_age", "");
    List<String> patterns = mx.stream().flatMap(some -> HostNames.pattern(some).stream()).toList();
    boolean valid =
        first.getOrDefault("version", "").equals("STSv1")
            && Set.of("testing", "enforce", "none").contains(mode)
            && (mode.equals("none") || !mx.isEmpty())
            && patterns.size() == mx.size()
            && !maxAge.isEmpty()
            && maxAge.length() <= 10
            && maxAge.chars().allMatch(Cursor::isDigit)
            && Long.parseLong(maxAge) <= 31_557_600;
    return valid
        ? Optional.of(new PlainPolicy(mode, patterns, Long.parseLong(maxAge)))
        : Optional.empty();
  }
}
