package org.jamessts.whatif;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.delivery.Forecast;
import org.jamessts.delivery.Forecast.Admission;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.policy.DomainPolicy;
import org.jamessts.policy.PolicyFailure;
import org.jamessts.policy.PolicyLookup;
import org.jamessts.policy.PolicyService;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.store.StoreException;
import org.jamessts.threads.DaemonThreads;
import org.jamessts.tlsrpt.PolicySummary;
import org.jamessts.tlsrpt.collect.SessionStore;
import org.jamessts.whatif.Judgement.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what would become of mail for domains under other rules, one question at a time and not
 * too fast, since strangers' servers are asked. Safe for use by many threads.
 */
public final class WhatIf {

  private static final Logger LOGGER = LoggerFactory.getLogger(WhatIf.class);
  private static final int AT_ONCE = 16;

  /** A hundred thousand take half an hour so. */
  private static final Duration BETWEEN = Duration.ofMillis(20);

  private static final int PAGE = 5_000;

  private final Parts parts;
  private final Semaphore turn = new Semaphore(1);

  /**
   * What it stands on.
   *
   * @param resolver tells whether DNSSEC is validated
   * @param policies looks policies up and keeps none; one for each question
   * @param asIs what DNS and policies decide, with DANE as it is set
   * @param withDane the same with DANE switched on
   * @param sessions what was counted
   * @param clock tells which day it is
   */
  public record Parts(
      Resolver resolver,
      Supplier<StsPolicyService> policies,
      Forecast asIs,
      Forecast withDane,
      SessionStore sessions,
      Clock clock) {}

  /** One that judges nothing yet. */
  public WhatIf(Parts parts) {
    this.parts = parts;
  }

  /**
   * Judges all domains of a question; while another question is judged, it waits for that.
   *
   * @param answer is told of each
   * @throws StoreException when nobody knows to which domains mail went
   */
  public void judge(Question question, Answer answer) throws InterruptedException, StoreException {
    turn.acquire();
    try (StsPolicyService policies = parts.policies().get()) {
      Collection<DomainName> domains =
          question.domains().isPresent() ? question.domains().get() : mailed(question.days());
      answer.willJudge(domains.size());
      judge(domains, question, policies, answer);
    } finally {
      turn.release();
    }
  }

  /** The first hundred thousand, in order. */
  private Collection<DomainName> mailed(int days) throws StoreException {
    NavigableSet<DomainName> domains = new TreeSet<>();
    for (LocalDate day : days(days)) {
      Optional<DomainName> after = Optional.empty();
      List<DomainName> page;
      do {
        page = parts.sessions().domains(day, after, PAGE);
        domains.addAll(page);
        after = page.isEmpty() ? after : Optional.of(page.get(page.size() - 1));
      } while (!page.isEmpty() && domains.size() < Question.MAX_DOMAINS);
    }
    while (domains.size() > Question.MAX_DOMAINS) {
      domains.pollLast();
    }
    return domains;
  }

  private List<LocalDate> days(int days) {
    LocalDate today = LocalDate.ofInstant(parts.clock().instant(), ZoneOffset.UTC);
    return today.minusDays(days - 1L).datesUntil(today.plusDays(1)).toList();
  }

  private void judge(
      Collection<DomainName> domains, Question question, PolicyService policies, Answer answer)
      throws InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, DaemonThreads.named("sts-what-if"));
    Semaphore free = new Semaphore(AT_ONCE);
    try {
      for (DomainName domain : domains) {
        Thread.sleep(BETWEEN.toMillis());
        free.acquire();
        threads.execute(
            () -> {
              try {
                answer.add(judge(domain, question, policies));
              } finally {
                free.release();
              }
            });
      }
      free.acquire(AT_ONCE);
    } finally {
      threads.shutdownNow();
    }
  }

  private Judgement judge(DomainName domain, Question question, PolicyService policies) {
    try {
      return judged(domain, question, policies);
    } catch (StoreException e) {
      return notKnown(domain, e.reason());
    } catch (RuntimeException e) {
      LOGGER.error("{} was not judged", domain, e);
      return notKnown(domain, e.toString());
    }
  }

  private static Judgement notKnown(DomainName domain, String reason) {
    return new Judgement(domain, Outcome.NOT_KNOWN, List.of(reason));
  }

  private Judgement judged(DomainName domain, Question question, PolicyService policies)
      throws StoreException {
    Scenario scenario = question.scenario();
    if (scenario.dane() && !parts.resolver().validates()) {
      return notKnown(domain, "DNSSEC is not validated here, so no TLSA records hold");
    }
    DomainPolicy policy = policies.lookup(domain);
    Optional<Judgement> unclear = unclear(domain, policy.published());
    if (unclear.isPresent()) {
      return unclear.get();
    }
    Forecast forecast = scenario.dane() ? parts.withDane() : parts.asIs();
    Admission admission = forecast.of(scenario.applied(policy), question.port());
    if (admission instanceof Admission.Open open) {
      return judged(domain, open, evidence(domain, question.days()), question.days());
    }
    if (admission instanceof Admission.Refused refused) {
      return new Judgement(domain, Outcome.DEFERRED, refused.reasons());
    }
    if (admission instanceof Admission.Nowhere nowhere) {
      return new Judgement(domain, Outcome.UNROUTABLE, List.of(nowhere.reason()));
    }
    return admission instanceof Admission.Unclear what
        ? notKnown(domain, what.reason())
        : new Judgement(domain, Outcome.DELIVERED, List.of());
  }

  private static Optional<Judgement> unclear(DomainName domain, PolicyLookup published) {
    if (published instanceof PolicyLookup.Unclear unclear) {
      return Optional.of(
          new Judgement(domain, Outcome.DEFERRED, List.of(unclear.cause().detail())));
    }
    return published
        .failure()
        .filter(failure -> published.policies().isEmpty() && tellsNothing(failure))
        .map(failure -> notKnown(domain, failure.detail()));
  }

  private static boolean tellsNothing(PolicyFailure failure) {
    return switch (failure.kind()) {
      case DNS, SLOW, STOPPING -> true;
      case VANISHED, FETCH, INVALID, WEBPKI, UNSUPPORTED -> false;
    };
  }

  private Evidence evidence(DomainName domain, int days) throws StoreException {
    List<PolicySummary> all = new ArrayList<>();
    for (LocalDate day : days(days)) {
      Map<DomainName, List<PolicySummary>> found = parts.sessions().of(day, List.of(domain));
      all.addAll(found.getOrDefault(domain, List.of()));
    }
    return new Evidence(all);
  }

  /** One host that satisfies what is asked of it is enough. */
  private static Judgement judged(
      DomainName domain, Admission.Open open, Evidence evidence, int days) {
    List<String> reasons = new ArrayList<>(open.refused());
    List<String> silent = new ArrayList<>();
    for (TlsRequirement requirement : open.requirements()) {
      switch (evidence.of(requirement)) {
        case SATISFIED -> {
          return new Judgement(domain, Outcome.DELIVERED, List.of());
        }
        case BROKEN -> reasons.addAll(evidence.failures(requirement));
        case SILENT -> silent.add(requirement.describe());
      }
    }
    return silent.isEmpty()
        ? new Judgement(domain, Outcome.DEFERRED, reasons.stream().distinct().toList())
        : notKnown(
            domain,
            "no session of %d days tells of: %s"
                .formatted(days, String.join("; ", silent.stream().distinct().toList())));
  }
}
