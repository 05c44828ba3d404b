package org.jamessts.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.PolicyFailure.Kind;
import org.jamessts.policy.PolicySettings.Draft;
import org.jamessts.threads.DaemonThreads;

/**
 * What domains publish, in both systems: MTA-STS first, and where a domain has none of it, the
 * draft of 2016. Lookups run on threads of their own, one for a domain at a time, and mail waits
 * for them only so long; what they find afterwards is there for the next mail.
 */
final class PublishedPolicies implements AutoCloseable {

  /** They wait for others most of the time. */
  static final int THREADS = 256;

  static final int WAITING = 2_000;

  /** Two questions to the DNS and two fetches, at their longest. */
  private static final Duration LONGEST_LOOKUP = Duration.ofMinutes(12);

  private static final int TURNS = 3;

  private final MtaStsSource mtaSts;
  private final DraftSource draft;
  private final PolicySettings settings;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(WAITING),
          DaemonThreads.named("policy-lookup"));
  private final SingleFlight<DomainName, TimedLookup> flights = new SingleFlight<>(threads);

  PublishedPolicies(MtaStsSource mtaSts, DraftSource draft, PolicySettings settings) {
    this.mtaSts = mtaSts;
    this.draft = draft;
    this.settings = settings;
    threads.allowCoreThreadTimeOut(true);
  }

  /** What is known now; waits as long as mail may. */
  TimedLookup lookup(DomainName domain) {
    CompletableFuture<TimedLookup> flight = flights.ask(domain, () -> discover(domain));
    Duration patience = settings.firstLookupWait();
    try {
      return flight.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return late(
          domain, "the policy of " + domain + " is not known after " + patience.toMillis() + " ms");
    } catch (ExecutionException e) {
      return late(domain, "the policy of " + domain + " could not be looked up: " + e.getCause());
    } catch (InterruptedException e) {
      // Our own doing, as when James stops: it must not count as having no policy.
      Thread.currentThread().interrupt();
      return TimedLookup.notKept(
          new PolicyLookup.Unclear(
              new PolicyFailure(
                  Kind.STOPPING,
                  "the server is stopping, before the policy of " + domain + " is known")));
    }
  }

  private TimedLookup late(DomainName domain, String reason) {
    PolicyFailure failure = new PolicyFailure(Kind.SLOW, reason);
    return TimedLookup.notKept(
        mtaSts
            .kept(domain)
            .<PolicyLookup>map(kept -> new PolicyLookup.Known(kept, Optional.of(failure)))
            .orElseGet(
                () ->
                    better(
                        settings.onSlowLookup().after(failure),
                        usesDraft() ? draft.kept(domain, failure) : Optional.empty())));
  }

  private boolean usesDraft() {
    return settings.draft() != Draft.OFF;
  }

  private TimedLookup discover(DomainName domain) {
    return either(mtaSts.lookup(domain), domain, PolicySource::lookup);
  }

  /** As {@link #lookup}, with what the DNS says now; waits until it is known. */
  TimedLookup recheck(DomainName domain) {
    return either(mtaSts.recheck(domain), domain, PolicySource::recheck);
  }

  /**
   * Fetches a kept policy again on this thread, while nobody else looks its domain up. Who asks for
   * the domain meanwhile is given what holds afterwards.
   *
   * @return why that failed, or nothing
   */
  Optional<PolicyFailure> refresh(KnownPolicy policy) throws InterruptedException {
    DomainName domain = policy.domain();
    PolicySource source = policy instanceof KnownMtaStsPolicy ? mtaSts : draft;
    CompletableFuture<Optional<PolicyFailure>> outcome = new CompletableFuture<>();
    try {
      for (int i = 0; i < TURNS && !outcome.isDone(); i++) {
        flights
            .askHere(
                domain,
                () -> {
                  TimedLookup refreshed = source.refresh(policy);
                  outcome.complete(refreshed.lookup().failure());
                  if (refreshed.lookup() instanceof PolicyLookup.Known) {
                    return refreshed;
                  }
                  return discover(domain);
                })
            .get(LONGEST_LOOKUP.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException | ExecutionException e) {
      return Optional.of(
          new PolicyFailure(Kind.SLOW, "the policy of " + domain + " could not be fetched: " + e));
    }
    return outcome.getNow(
        Optional.of(new PolicyFailure(Kind.SLOW, "others look " + domain + " up all the time")));
  }

  @FunctionalInterface
  private interface Question {
    TimedLookup ask(PolicySource source, DomainName domain);
  }

  private TimedLookup either(TimedLookup first, DomainName domain, Question question) {
    if (first.lookup() instanceof PolicyLookup.Known || !usesDraft()) {
      return first;
    }
    TimedLookup second = question.ask(draft, domain);
    Duration keep = first.keep().compareTo(second.keep()) < 0 ? first.keep() : second.keep();
    return new TimedLookup(better(first.lookup(), Optional.of(second.lookup())), keep);
  }

  /**
   * Which answer holds where there is no MTA-STS policy. One that nobody can tell is not outvoted
   * by a draft policy that holds no mail back.
   */
  private static PolicyLookup better(PolicyLookup mtaSts, Optional<PolicyLookup> draft) {
    if (draft.isPresent() && draft.get() instanceof PolicyLookup.Draft found) {
      return mtaSts instanceof PolicyLookup.Unclear && !found.isEnforced()
          ? mtaSts
          // That MTA-STS is announced and cannot be had is to be reported all the same.
          : new PolicyLookup.Draft(
              found.policy(),
              found.successor(),
              found.reportOnly(),
              mtaSts.failure().or(found::failure));
    }
    // RFC 8461 §3.3: with a policy that is announced and cannot be had, mail goes.
    return draft
        .filter(other -> mtaSts.failure().isEmpty() && other.failure().isPresent())
        .orElse(mtaSts);
  }

  void confirm(KnownDraftPolicy candidate) {
    draft.confirm(candidate);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
