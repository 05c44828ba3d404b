package org.jamessts.enforcement;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jamessts.files.Trouble;
import org.jamessts.override.OperatorText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how far this server keeps to what domains publish: as its setting says, or as an operator
 * has ordered for all servers of the store. The store is asked by {@link #lookAgain}, to be called
 * several times a minute. While it fails, what is known stays; at a start at which it cannot be
 * read, an order that was copied to a file counts only where it raises the setting, so that a store
 * that fails lowers nothing.
 *
 * <p>While mail is not protected the log says so: when that begins, at the start, and every hour.
 *
 * <p>Safe for use by many threads; {@link #get} asks memory alone and waits for nobody.
 */
public final class EnforcementSwitch implements Supplier<Enforcement> {

  /** From one reminder in the log to the next. */
  static final Duration BETWEEN_REMINDERS = Duration.ofHours(1);

  private final Enforcement setting;
  private final EnforcementStore store;
  private final EnforcementCopy copy;
  private final Clock clock;
  private final Runnable lowered;
  private final Logger log;
  private final Trouble trouble;
  private final Instant started;

  /** Replaced as a whole; written under this object's lock. */
  private volatile Optional<EnforcementOrder> known = Optional.empty();

  private boolean answered;
  private EnforcementState told;
  private Instant toldAt;

  private EnforcementSwitch(
      Enforcement setting,
      EnforcementStore store,
      Path copy,
      Clock clock,
      Runnable lowered,
      Logger log) {
    this.setting = setting;
    this.store = store;
    this.copy = new EnforcementCopy(copy);
    this.clock = clock;
    this.lowered = lowered;
    this.log = log;
    this.trouble = new Trouble(log, "the order for enforcement can be read again");
    this.started = clock.instant();
    this.told = new EnforcementState(Enforcement.ENFORCE, setting, Optional.empty(), started);
    this.toldAt = started;
  }

  /**
   * Reads the store.
   *
   * @param setting what holds without an order
   * @param store one that fails is logged, and asked again by {@link #lookAgain}
   * @param copy a file for what the store said last
   * @param clock tells which order has ended
   * @param lowered is run whenever less is enforced than before: what waits for it need not
   */
  public static EnforcementSwitch open(
      Enforcement setting, EnforcementStore store, Path copy, Clock clock, Runnable lowered) {
    return open(
        setting, store, copy, clock, lowered, LoggerFactory.getLogger(EnforcementSwitch.class));
  }

  static EnforcementSwitch open(
      Enforcement setting,
      EnforcementStore store,
      Path copy,
      Clock clock,
      Runnable lowered,
      Logger log) {
    EnforcementSwitch opened = new EnforcementSwitch(setting, store, copy, clock, lowered, log);
    opened.lookAgain();
    return opened;
  }

  /** What holds now. */
  @Override
  public Enforcement get() {
    Optional<EnforcementOrder> order = known;
    return order.isPresent() && order.get().holdsAt(clock.instant()) ? order.get().mode() : setting;
  }

  /** The same, and who wanted it. */
  public EnforcementState state() {
    Instant now = clock.instant();
    Optional<EnforcementOrder> order = known.filter(one -> one.holdsAt(now));
    return new EnforcementState(
        order.map(EnforcementOrder::mode).orElse(setting),
        setting,
        order,
        order.map(EnforcementOrder::changedAt).orElse(started));
  }

  /** Looks into the store, where other servers may have changed something, and at the clock. */
  public synchronized void lookAgain() {
    try {
      known = store.get();
      answered = true;
      copy.write(known);
      trouble.isOver();
    } catch (RuntimeException e) {
      trouble.is("the order for enforcement cannot be read, what is known stays: " + oneLine(e));
      if (!answered) {
        known = copy.read().filter(order -> !order.mode().isLowerThan(setting));
      }
    }
    tell();
  }

  /**
   * Orders something for all servers of the store, in place of any order before.
   *
   * @param until when it ends, if ever
   * @param comment why
   * @param who asks for it, for log and health
   */
  public synchronized EnforcementChange order(
      Enforcement mode, Optional<Instant> until, String comment, String who) {
    Instant now = clock.instant();
    EnforcementOrder order;
    try {
      order = new EnforcementOrder(mode, until, comment, who, now);
    } catch (IllegalArgumentException e) {
      return new EnforcementChange.Refused(String.valueOf(e.getMessage()));
    }
    if (!order.holdsAt(now)) {
      return new EnforcementChange.Refused(
          "until is " + until.orElseThrow() + "; allowed is a moment after " + now);
    }
    return change(() -> store.put(order), Optional.of(order));
  }

  /**
   * Gives up the order: the setting of each server holds.
   *
   * @param who asks for it, for the log
   */
  public synchronized EnforcementChange giveUp(String who) {
    Optional<EnforcementOrder> before = known;
    EnforcementChange change = change(store::remove, Optional.empty());
    if (change instanceof EnforcementChange.Done && before.isPresent()) {
      log.info(
          "the order for enforcement={} was given up by {}",
          before.get().mode().keyword(),
          OperatorText.printable(who));
    }
    return change;
  }

  private EnforcementChange change(BooleanSupplier call, Optional<EnforcementOrder> after) {
    try {
      if (!call.getAsBoolean()) {
        return new EnforcementChange.Failed(
            "the store does not work; whether it was changed shows within a minute");
      }
    } catch (RuntimeException e) {
      return new EnforcementChange.Failed(
          "the store failed; whether it was changed shows within a minute: " + oneLine(e));
    }
    known = after;
    answered = true;
    copy.write(after);
    tell();
    return new EnforcementChange.Done();
  }

  /** Says what is new, and again what must not be forgotten. */
  private void tell() {
    EnforcementState now = state();
    Instant moment = clock.instant();
    boolean changed = now.mode() != told.mode() || !now.order().equals(told.order());
    if (changed) {
      if (now.mode() == Enforcement.ENFORCE) {
        log.info("mail is protected by what domains publish: {}", now.describe());
      } else {
        log.warn("{}", warning(now));
      }
    } else if (now.mode() != Enforcement.ENFORCE
        && !moment.isBefore(toldAt.plus(BETWEEN_REMINDERS))) {
      log.warn("still so: {}", warning(now));
    } else {
      return;
    }
    boolean less = now.mode().isLowerThan(told.mode());
    told = now;
    toldAt = moment;
    if (less) {
      lowered.run();
    }
  }

  private static String warning(EnforcementState state) {
    return state.mode() == Enforcement.OFF
        ? "MAIL IS NOT PROTECTED, what domains publish is not looked up: " + state.describe()
        : "MAIL IS NOT PROTECTED, what breaks the policies of domains is only reported: "
            + state.describe();
  }

  /** What is to be said of the health of this server while mail is not protected. */
  public Optional<String> lowered() {
    EnforcementState state = state();
    return state.mode() == Enforcement.ENFORCE ? Optional.empty() : Optional.of(warning(state));
  }

  /** What does not work, in words for the operator. */
  public Optional<String> trouble() {
    return trouble.now();
  }

  private static String oneLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
