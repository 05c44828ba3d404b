package org.jamessts.decide;

import java.util.Optional;
import org.jamessts.policy.KnownDraftPolicy;

/** Whether a host may be used for a mail. */
public sealed interface Verdict {

  /** What is wrong, if anything: also where the mail may leave all the same. */
  Optional<Finding> finding();

  /**
   * The mail may go on.
   *
   * @param finding what is wrong but does not stop it
   * @param proven a candidate whose demands are all met here, and which has thereby had its first
   *     success (draft -00 §3.5)
   */
  record Proceed(Optional<Finding> finding, Optional<KnownDraftPolicy> proven) implements Verdict {

    /** Without a candidate. */
    public Proceed(Optional<Finding> finding) {
      this(finding, Optional.empty());
    }
  }

  /**
   * The mail must not go this way; the next host may be tried (RFC 8461 §5).
   *
   * @param cause what is wrong
   * @param operators whether it is the operator of this server who wants it otherwise, not the
   *     recipients' domain
   */
  record NextHost(Finding cause, boolean operators) implements Verdict {
    @Override
    public Optional<Finding> finding() {
      return Optional.of(cause);
    }
  }
}
