package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.util.List;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.delivery.Reason;
import org.jamessts.dns.DomainName;
import org.jamessts.retry.DeferredMails;
import org.jamessts.tlsrpt.ResultType;
import spark.Request;
import spark.Response;

/**
 * Mail that waits in the deferral store: {@code GET /sts/deferred} counts it by domain and reason,
 * {@code GET /sts/deferred/{domain}} lists it, both in pages ({@code limit}, {@code offset}) and of
 * one reason ({@code verdict}, {@code resultType}), and {@code POST
 * /sts/deferred?action=flush&domain=...} has it tried again now.
 */
final class DeferredRoutes implements RouteGroup {

  private static final String BASE = "/sts/deferred";
  private static final String DOMAIN = ":domain";
  private static final int MAX_PAGE = 1_000;
  private static final int PAGE = 100;

  private final DeferredMails deferred;

  /** Called by Guice. */
  @Inject
  DeferredRoutes(DeferredMails deferred) {
    this.deferred = deferred;
  }

  @Override
  public void define(Endpoints endpoints) {
    String[] parameters = {"limit", "offset", "verdict", "resultType"};
    endpoints.get(BASE, this::counts, parameters);
    endpoints.get(BASE + "/" + DOMAIN, this::mails, parameters);
    endpoints.post(BASE, (request, response) -> act(request), "action", "domain");
  }

  private static DeferralReason reason(Request request) {
    return new DeferralReason(
        Parameters.choice(request, "verdict", List.of(Reason.Kind.values()), Reason.Kind::keyword)
            .map(Reason.Kind::keyword),
        Parameters.choice(request, "resultType", List.of(ResultType.values()), ResultType::keyword)
            .map(ResultType::keyword));
  }

  private List<DeferralCountDto> counts(Request request, Response response) {
    DeferralReason reason = reason(request);
    int offset = Page.offset(request);
    int limit = Page.limit(request, PAGE, MAX_PAGE);
    return Page.byOffset(
        request,
        response,
        limit,
        ask(() -> deferred.counts(reason, offset, limit)).stream()
            .map(DeferralCountDto::of)
            .toList());
  }

  private List<DeferredMailDto> mails(Request request, Response response) {
    DomainName domain = Parameters.domain("domain", request.params(DOMAIN));
    DeferralReason reason = reason(request);
    int offset = Page.offset(request);
    int limit = Page.limit(request, PAGE, MAX_PAGE);
    return Page.byOffset(
        request,
        response,
        limit,
        ask(() -> deferred.waitingFor(domain, reason, offset, limit)).stream()
            .map(mail -> DeferredMailDto.of(mail, deferred.arrival(mail)))
            .toList());
  }

  /**
   * What was done.
   *
   * @param domain whose mails
   * @param mails how many are tried again
   */
  private record FlushedDto(String domain, int mails) {}

  private FlushedDto act(Request request) {
    Parameters.action(request, "flush");
    DomainName domain = Parameters.domain("domain", Parameters.text(request, "domain").orElse(""));
    return new FlushedDto(domain.value(), ask(() -> deferred.flush(domain)));
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws DeferralStoreException;
  }

  private static <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (DeferralStoreException e) {
      throw Refusals.unavailable(String.valueOf(e.getMessage()));
    }
  }
}
