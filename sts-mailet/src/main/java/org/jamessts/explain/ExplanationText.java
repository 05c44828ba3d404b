package org.jamessts.explain;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamessts.enforcement.Enforcement;

/** An {@link ExplainedDelivery} for people, in lines. */
final class ExplanationText {

  private final StringBuilder text = new StringBuilder();

  ExplanationText(ExplainedDelivery run) {
    verdict(run);
    run.deferred().filter(waiting -> waiting.mails() > 0).ifPresent(this::deferred);
    gap("Operator");
    if (!run.enforcement().equals(Enforcement.ENFORCE.keyword())) {
      line("  enforcement is " + run.enforcement() + ": no policy of the domain holds mail back");
    }
    if (run.overrides().isEmpty()) {
      line("  no override");
    }
    run.overrides().forEach(this::override);
    run.policy().ifPresent(this::policy);
    run.fetches().forEach(this::fetch);
    gap("Route");
    run.routes().forEach(this::route);
    run.hosts().forEach(this::host);
    gap("DNS");
    run.dns().forEach(this::dns);
  }

  private void line(String words) {
    text.append(words).append('\n');
  }

  /** Without the gaps that empty parts leave. */
  private static String tidy(String words) {
    return words.replaceAll(" +$", "").replaceAll("(?<=[^ ]) {2,}(?=[^ ])", " ");
  }

  private void gap(String title) {
    line("");
    line(title);
  }

  private void verdict(ExplainedDelivery run) {
    ExplainedDelivery.Verdict verdict = run.verdict();
    String host = verdict.host().orElse("");
    String words =
        switch (verdict.outcome()) {
          case DELIVERED -> "would be delivered to " + host + " over " + verdict.how();
          case TRIED -> "would be tried at " + host + ", under: " + verdict.how();
          case DEFERRED -> "would wait" + verdict.code().map(code -> ": " + code).orElse("");
          case BOUNCED -> "would fail" + verdict.code().map(code -> ": " + code).orElse("");
          case UNKNOWN -> "is not known in time";
        };
    line("Mail to " + run.domain() + " " + words);
    verdict.why().ifPresent(why -> reason("  ", why));
    line(
        "  found out at %s in %d ms%s"
            .formatted(run.at(), run.millis(), run.connected() ? "" : ", without asking any host"));
  }

  private void reason(String indent, ExplainedReason why) {
    line(indent + why.evidence());
    line(indent + "  rule:   " + why.rule());
    line(
        indent
            + "  basis:  "
            + why.basis()
            + why.since().map(since -> " at " + since).orElse("")
            + why.until().map(until -> ", holds until " + until).orElse(""));
    line(indent + "  remedy: " + why.remedy());
  }

  private void deferred(ExplainedDelivery.DeferredSummary waiting) {
    line(
        "  %s for it; the next is tried at %s"
            .formatted(wait(waiting), waiting.nextAttempt().orElse("?")));
    waiting.explanation().ifPresent(why -> line("    " + why));
  }

  private static String wait(ExplainedDelivery.DeferredSummary waiting) {
    if (waiting.mails() == 1 && !waiting.more()) {
      return "1 mail waits";
    }
    return waiting.mails() + (waiting.more() ? " or more" : "") + " mails wait";
  }

  private void override(ExplainedOverride override) {
    String said =
        Stream.of(
                override.minimum().map(minimum -> "minimum " + minimum),
                override.mode().map(mode -> "policy " + mode + " " + override.mx()),
                list(override.exempt()).map(exempt -> "exempt " + exempt),
                override.until().map(until -> "until " + until),
                Optional.of(override.comment())
                    .filter(comment -> !comment.isEmpty())
                    .map(comment -> "comment: " + comment))
            .flatMap(part -> part.stream())
            .collect(Collectors.joining("; "));
    line("  " + override.pattern() + ": " + said);
  }

  private static Optional<String> list(List<String> items) {
    return items.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", items));
  }

  private void policy(ExplainedPolicy policy) {
    gap("Policy");
    if (policy.inForce().isEmpty()) {
      line("  " + policy.found() + (policy.reason().isEmpty() ? "" : ": " + policy.reason()));
    }
    policy.inForce().ifPresent(version -> version("", version));
    policy.successor().ifPresent(version -> version("to succeed it: ", version));
    policy.failure().ifPresent(failure -> line("  failure: " + failure));
    line("  " + policy.millis() + " ms");
  }

  private void version(String role, ExplainedPolicy.Version version) {
    line("  " + role + version.description() + id(version) + ", mx " + version.mx());
    line(
        "    %s at %s, %d s old, holds until %s"
            .formatted(
                version.source(), version.fetchedAt(), version.ageSeconds(), version.expiresAt()));
  }

  private static String id(ExplainedPolicy.Version version) {
    return version.id().isEmpty() ? "" : ", id " + version.id();
  }

  private void fetch(FetchStep step) {
    line(
        "  %s %s %s, %d ms"
            .formatted(
                step.url(),
                step.outcome(),
                step.detail().isEmpty() ? step.octets() + " octets" : step.detail(),
                step.millis()));
  }

  private void route(ExplainedRoute route) {
    line(
        tidy(
            "  %s, port %d: %s %s %s %s"
                .formatted(
                    route.nextHop(),
                    route.port(),
                    route.answer(),
                    route.hosts().isEmpty() ? "" : route.hosts().toString(),
                    route.security(),
                    route.detail())));
  }

  private void host(ExplainedHost host) {
    gap("Host " + host.host() + ", preference " + host.preference());
    line("  under: " + host.requirement() + (host.enforced() ? "" : " (holds no mail back)"));
    host.byName().forEach(check -> check("  name    ", check));
    line(
        "  address "
            + (host.addresses().isEmpty()
                ? host.addressDetail()
                : String.join(", ", host.addresses())));
    ExplainedHost.Tlsa tlsa = host.tlsa();
    line(tidy("  TLSA    " + tlsa.lookup() + " " + tlsa.base() + " " + tlsa.reason()));
    tlsa.records().forEach(record -> line("            " + record));
    host.contacts().forEach(this::contact);
    host.obstacles().forEach(why -> reason("  ! ", why));
  }

  private void check(String indent, ExplainedHost.Check check) {
    line(indent + check.asked() + ": " + (check.satisfied() ? "satisfied" : "broken"));
    check
        .why()
        .filter(why -> !check.satisfied())
        .ifPresent(why -> line("          " + why.evidence()));
  }

  private void contact(ExplainedHost.Contact contact) {
    line(
        tidy(
                "  %s port %d: %s %s %s"
                    .formatted(
                        contact.address(),
                        contact.port(),
                        contact.outcome(),
                        contact.channel(),
                        contact.detail()))
            + (contact.millis() > 0 ? ", " + contact.millis() + " ms" : ""));
    contact
        .certificates()
        .forEach(
            certificate ->
                line(
                    "    certificate %s %s of %s, %s to %s"
                        .formatted(
                            certificate.subject(),
                            certificate.dnsNames(),
                            certificate.issuer(),
                            certificate.notBefore(),
                            certificate.notAfter())));
    if (!contact.certificates().isEmpty()) {
      line(
          "    by the web PKI: " + list(contact.webPkiFaults()).orElse("valid, and for this host"));
    }
    contact.checks().forEach(check -> check("    ", check));
  }

  private void dns(DnsStep step) {
    line(
        "  %s %s: %s%s%s, %d ms%s"
            .formatted(
                step.name(),
                step.type(),
                step.status(),
                step.records().isEmpty() ? "" : " " + step.records(),
                step.detail().isEmpty() ? "" : " (" + step.detail() + ")",
                step.millis(),
                step.keepSeconds() > 0 ? ", holds for " + step.keepSeconds() + " s" : ""));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
