package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.james.webadmin.utils.Responses;
import org.jamessts.dns.DomainName;
import org.jamessts.policy.LookupFailure;
import org.jamessts.policy.PolicyPage;
import org.jamessts.policy.PolicyQuery;
import org.jamessts.policy.PolicyStore;
import org.jamessts.policy.Slot;
import org.jamessts.policy.Strength;
import org.jamessts.policy.StsPolicyService;
import org.jamessts.threads.DaemonThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spark.Request;
import spark.Response;

/**
 * Policies that are kept: {@code GET /sts/policies} in pages and {@code GET
 * /sts/policies/{domain}}; {@code POST /sts/policies/{domain}?action=refresh} fetches what the
 * domain publishes, and {@code DELETE} forgets what is kept of it, or of all with {@code
 * confirm=all}.
 */
final class PolicyRoutes implements RouteGroup {

  private static final Logger LOGGER = LoggerFactory.getLogger(PolicyRoutes.class);
  private static final String BASE = "/sts/policies";
  private static final String DOMAIN = ":domain";
  private static final int PAGE = 1_000;

  /** Strangers decide how long fetching takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int FETCHES_AT_ONCE = 4;

  private final PolicyStore store;
  private final StsPolicyService service;
  private final Clock clock;
  private final Executor threads = DaemonThreads.perTask("sts-policy-refresh");
  private final Semaphore fetches = new Semaphore(FETCHES_AT_ONCE);

  /** Called by Guice. */
  @Inject
  PolicyRoutes(PolicyStore store, StsPolicyService service, Clock clock) {
    this.store = store;
    this.service = service;
    this.clock = clock;
  }

  @Override
  public void define(Endpoints endpoints) {
    endpoints.get(
        BASE, this::page, "limit", "after", "mode", "source", "expiringBefore", "usedSince");
    endpoints.delete(BASE, (request, response) -> forgetAll(request), "confirm");
    endpoints.get(BASE + "/" + DOMAIN, (request, response) -> details(request));
    endpoints.post(BASE + "/" + DOMAIN, (request, response) -> refresh(request), "action");
    endpoints.delete(BASE + "/" + DOMAIN, this::forget);
  }

  private List<PolicyDto> page(Request request, Response response) {
    PolicyQuery query =
        new PolicyQuery(
            Parameters.choice(request, "source", List.of(Slot.values()), Slot::keyword)
                .map(Set::of)
                .orElse(Set.of()),
            Parameters.choice(request, "mode", List.of(Strength.values()), PolicyDto::mode),
            Parameters.moment(request, "expiringBefore"),
            Parameters.moment(request, "usedSince"),
            Parameters.domain(request, "after"),
            Page.limit(request, PAGE, PAGE));
    PolicyPage page = store.find(query);
    page.next().ifPresent(last -> Page.next(request, response, "after", last.value()));
    return page.policies().stream().map(PolicyDto::of).toList();
  }

  private static DomainName domain(Request request) {
    return Parameters.domain("domain", request.params(DOMAIN));
  }

  /** Those that hold, the one that applies first: MTA-STS goes before the draft of 2016. */
  private List<PolicyDto> holding(DomainName domain) {
    Instant now = clock.instant();
    return store.of(domain).stream()
        .filter(stored -> stored.policy().holdsAt(now))
        .map(PolicyDto::of)
        .toList();
  }

  private PolicyDetailsDto details(Request request) {
    DomainName domain = domain(request);
    List<PolicyDto> policies = holding(domain);
    Optional<LookupFailure> failure = service.lastFailure(domain);
    if (policies.isEmpty()) {
      throw Refusals.notFound(
          "no policy of %s is kept%s"
              .formatted(
                  domain,
                  failure
                      .map(last -> "; at %s: %s".formatted(last.at(), last.cause().detail()))
                      .orElse("")));
    }
    return PolicyDetailsDto.of(policies, failure, store.history(domain));
  }

  /**
   * What came of fetching a policy.
   *
   * @param domain whose
   * @param policies to which mail is held afterwards, that which applies first
   * @param problem why none was fetched; null where one was
   */
  private record FetchedDto(String domain, List<PolicyDto> policies, Optional<String> problem) {}

  private FetchedDto refresh(Request request) {
    Parameters.action(request, "refresh");
    DomainName domain = domain(request);
    if (!fetches.tryAcquire()) {
      throw Refusals.unavailable(
          "%d policies are being fetched as told; allowed is one more when one of them is there"
              .formatted(FETCHES_AT_ONCE));
    }
    LOGGER.info("the policy of {} is fetched, as {} has told", domain, Parameters.who(request));
    CompletableFuture<Optional<String>> fetch =
        CompletableFuture.supplyAsync(() -> fetched(domain), threads)
            .whenComplete((problem, failure) -> fetches.release());
    try {
      Optional<String> problem = fetch.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return new FetchedDto(domain.value(), holding(domain), problem);
    } catch (TimeoutException e) {
      throw Refusals.unavailable(
          "the policy of %s is still being fetched after %d s; GET shows it when it is there"
              .formatted(domain, PATIENCE.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusals.unavailable("this server is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the policy of " + domain + " was not fetched", e);
    }
  }

  private Optional<String> fetched(DomainName domain) {
    try {
      return service.fetchNow(domain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("this server is stopping");
    }
  }

  private String forget(Request request, Response response) {
    DomainName domain = domain(request);
    String who = Parameters.who(request);
    int forgotten = service.forget(domain).orElseThrow(() -> notForgotten(who));
    LOGGER.warn("{} policies of {} are forgotten, as {} has told", forgotten, domain, who);
    return Responses.returnNoContent(response);
  }

  private static RuntimeException notForgotten(String who) {
    LOGGER.warn("policies that {} wants forgotten may still be there: the store fails", who);
    return Refusals.unavailable("the store fails: they may still be there");
  }

  /**
   * What was done.
   *
   * @param policies how many are forgotten
   */
  private record ForgottenDto(long policies) {}

  private ForgottenDto forgetAll(Request request) {
    if (!Parameters.text(request, "confirm").equals(Optional.of("all"))) {
      throw Refusals.bad(
          "the policies of all domains would be forgotten, and mail to them no longer protected"
              + " until they are fetched again; allowed is confirm=all");
    }
    String who = Parameters.who(request);
    long forgotten = service.forgetAll().orElseThrow(() -> notForgotten(who));
    LOGGER.warn("all {} policies are forgotten, as {} has told", forgotten, who);
    return new ForgottenDto(forgotten);
  }
}
