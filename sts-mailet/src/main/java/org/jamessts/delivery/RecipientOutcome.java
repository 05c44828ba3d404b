package org.jamessts.delivery;

import java.util.Optional;
import org.jamessts.dsn.Diagnosis;

/** What an attempt meant for one recipient. */
public sealed interface RecipientOutcome {

  /** The address: as in the envelope while an attempt lasts, as given afterwards. */
  String recipient();

  /** The same outcome under another form of the address. */
  RecipientOutcome under(String address);

  /**
   * A server took responsibility.
   *
   * @param way which host, on what channel, and its reply: for the log
   * @param lastWord what a sender is told who wants to hear of success, where the server will not
   *     tell him (RFC 3461 §5.2.2); else empty
   */
  record Delivered(String recipient, LogLine way, Optional<Diagnosis> lastWord)
      implements RecipientOutcome {
    @Override
    public Delivered under(String address) {
      return new Delivered(address, way, lastWord);
    }

    /** The same in words. */
    String how() {
      return way.toString();
    }
  }

  /**
   * Not now: try again later.
   *
   * @param reason why
   */
  record Deferred(String recipient, Reason reason) implements RecipientOutcome {
    @Override
    public Deferred under(String address) {
      return new Deferred(address, reason);
    }

    /** The same when nothing more is tried. */
    Bounced forGood() {
      return new Bounced(recipient, reason);
    }
  }

  /**
   * Never: the sender is to be told.
   *
   * @param reason why
   */
  record Bounced(String recipient, Reason reason) implements RecipientOutcome {
    @Override
    public Bounced under(String address) {
      return new Bounced(address, reason);
    }

    /** The same when it is to be tried again nevertheless. */
    Deferred notYet() {
      return new Deferred(recipient, reason);
    }
  }
}
