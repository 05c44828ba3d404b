package org.jamessts.bench.delivery;

import java.time.Duration;
import java.util.List;

/**
 * What is unusual in a run.
 *
 * @param javaOptions for the {@code java} of James, beside those of every run
 * @param settings lines of {@code sts.properties}, beside those of every run
 * @param pause of the sink before its reply to each content
 * @param waiting mails in the store that are due long after the run
 * @param policies of other domains in the store
 * @param overSmtp mails are brought to James while it sends others; else its queue holds them all
 *     before it begins
 */
record Conditions(
    List<String> javaOptions,
    List<String> settings,
    Duration pause,
    int waiting,
    int policies,
    boolean overSmtp) {

  static final Conditions USUAL = new Conditions(List.of(), List.of(), Duration.ZERO, 0, 0, false);

  static final Conditions OVER_SMTP =
      new Conditions(List.of(), List.of(), Duration.ZERO, 0, 0, true);

  static Conditions javaOptions(String... options) {
    return new Conditions(List.of(options), List.of(), Duration.ZERO, 0, 0, false);
  }

  static Conditions fullStore(int waiting, int policies) {
    return new Conditions(List.of(), List.of(), Duration.ZERO, waiting, policies, false);
  }

  /** Whether anything is in the store before the start. */
  boolean fullStore() {
    return waiting > 0 || policies > 0;
  }

  static Conditions slowSink(Duration pause, String... settings) {
    return new Conditions(List.of(), List.of(settings), pause, 0, 0, false);
  }
}
