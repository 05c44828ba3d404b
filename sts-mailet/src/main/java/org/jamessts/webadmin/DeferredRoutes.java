package org.jamessts.webadmin;

import java.util.List;
import java.util.Optional;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.dns.DomainName;
import org.jamessts.retry.DeferredMails;
import spark.Request;
import spark.Service;

/**
 * Mail that waits in the deferral store: {@code GET /sts/deferred} counts it by domain and reason,
 * {@code GET /sts/deferred/{domain}} lists it, both in pages ({@code limit}, {@code offset}), and
 * {@code POST /sts/deferred?action=flush&domain=...} has it tried again now.
 */
final class DeferredRoutes {

  private static final String BASE = "/sts/deferred";
  private static final String DOMAIN = ":domain";
  private static final int MAX_PAGE = 1_000;
  private static final int PAGE = 100;

  private final DeferredMails deferred;
  private final JsonTransformer json;

  DeferredRoutes(DeferredMails deferred, JsonTransformer json) {
    this.deferred = deferred;
    this.json = json;
  }

  void define(Service service) {
    service.get(BASE, (request, response) -> counts(request), json);
    service.get(BASE + "/" + DOMAIN, (request, response) -> mails(request), json);
    service.post(BASE, (request, response) -> act(request), json);
  }

  private List<DeferralCountDto> counts(Request request) {
    int offset = Parameters.number(request, "offset", 0, Integer.MAX_VALUE);
    int limit = Parameters.number(request, "limit", PAGE, MAX_PAGE);
    return ask(() -> deferred.counts(offset, limit)).stream().map(DeferralCountDto::of).toList();
  }

  private List<DeferredMailDto> mails(Request request) {
    DomainName domain = Parameters.domain("domain", request.params(DOMAIN));
    int offset = Parameters.number(request, "offset", 0, Integer.MAX_VALUE);
    int limit = Parameters.number(request, "limit", PAGE, MAX_PAGE);
    return ask(() -> deferred.waitingFor(domain, offset, limit)).stream()
        .map(DeferredMailDto::of)
        .toList();
  }

  /**
   * What was done.
   *
   * @param domain whose mails
   * @param mails how many are tried again
   */
  private record FlushedDto(String domain, int mails) {}

  private FlushedDto act(Request request) {
    if (!Parameters.text(request, "action").equals(Optional.of("flush"))) {
      throw Refusals.bad("action is missing or unknown; allowed is flush");
    }
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
