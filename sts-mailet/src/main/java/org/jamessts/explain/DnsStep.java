package org.jamessts.explain;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DnsReply;

/**
 * One question to the DNS and its answer.
 *
 * @param name the name that was asked for
 * @param type of the records
 * @param status {@code secure}, {@code insecure}, {@code absent}, {@code bogus} or {@code failed}
 * @param records of the answer, the first 20
 * @param detail what else is to be said: an alias, what proves the absence, or what failed
 * @param keepSeconds for how much longer the answer holds; 0 for a failure, which is never kept
 * @param millis how long it took; about 0 for an answer that was kept
 */
public record DnsStep(
    String name,
    String type,
    String status,
    List<String> records,
    String detail,
    long keepSeconds,
    long millis) {

  static <T> DnsStep of(
      String name, String type, DnsReply<T> reply, Function<T, String> text, Duration took) {
    DnsAnswer<T> answer = reply.answer();
    return new DnsStep(
        name,
        type,
        status(answer),
        answer instanceof DnsAnswer.Found<T> found ? Shown.texts(found.records(), text) : List.of(),
        Shown.text(detail(answer)),
        reply.keep().toSeconds(),
        took.toMillis());
  }

  private static String status(DnsAnswer<?> answer) {
    if (answer instanceof DnsAnswer.Found<?> found) {
      return word(found.security());
    }
    return answer instanceof DnsAnswer.Failed<?> failed
        ? failed.failure() == DnsAnswer.Failure.BOGUS ? "bogus" : "failed"
        : "absent";
  }

  static String word(DnsAnswer.Security security) {
    return security.name().toLowerCase(Locale.ROOT);
  }

  private static String detail(DnsAnswer<?> answer) {
    if (answer instanceof DnsAnswer.Found<?> found) {
      return found.alias().map(alias -> "an alias of " + alias).orElse("");
    }
    if (answer instanceof DnsAnswer.Absent<?> absent) {
      return (absent.nameExists() ? "no such records" : "no such name")
          + (absent.security() == DnsAnswer.Security.SECURE ? ", proven" : ", not proven");
    }
    return ((DnsAnswer.Failed<?>) answer).detail();
  }
}
