package org.jamessts.dns;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * An answer and how long it may be kept.
 *
 * @param answer what the DNS says
 * @param keep the time that is left of it, counted from now; zero when it must not be kept
 * @param <T> what a record of the asked type holds
 */
public record DnsReply<T>(DnsAnswer<T> answer, Duration keep) {

  /** A failure, which is never kept. */
  static <T> DnsReply<T> failed(DnsAnswer.Failure failure, String detail) {
    return new DnsReply<>(new DnsAnswer.Failed<>(failure, detail), Duration.ZERO);
  }

  /** The records; none where there are none, and where nobody could tell. */
  public List<T> records() {
    return answer instanceof DnsAnswer.Found<T> found ? found.records() : List.of();
  }

  /** The same reply with its records read in another way. */
  <R> DnsReply<R> map(Function<T, R> read) {
    return new DnsReply<>(answer.map(read), keep);
  }
}
