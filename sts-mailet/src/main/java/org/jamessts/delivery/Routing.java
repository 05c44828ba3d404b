package org.jamessts.delivery;

import static java.util.stream.Collectors.groupingBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamessts.delivery.RecipientOutcome.Bounced;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.smtp.InvalidMailboxException;
import org.jamessts.smtp.MailboxPath;
import org.jamessts.smtp.PrintableText;

/**
 * Which way each recipient of a mail goes. One whom SMTP cannot reach is sorted out alone: the
 * others must not suffer for it.
 *
 * @param routes usually one; a mail that somebody put into the queue by hand may have several
 * @param unroutable those who cannot get any mail
 */
record Routing(List<Route> routes, List<Bounced> unroutable) {

  // RFC 3463 §3.2.
  private static final String BAD_MAILBOX = "553 5.1.3";

  /**
   * Recipients who go the same way.
   *
   * @param nextHops their domain, or the gateways
   * @param recipients at least one
   */
  record Route(List<NextHop> nextHops, List<Recipient> recipients) {

    /** The recipients of the envelope; two forms of one address are one. */
    List<MailboxPath> paths() {
      return recipients.stream().map(Recipient::path).distinct().toList();
    }

    /** The outcomes for the recipients of the envelope, as outcomes for those of the mail. */
    List<RecipientOutcome> asGiven(DeliveryReport report) {
      Map<String, List<Recipient>> byPath =
          recipients.stream().collect(groupingBy(recipient -> recipient.path().value()));
      return report.outcomes().stream()
          .flatMap(
              outcome ->
                  byPath.getOrDefault(outcome.recipient(), List.of()).stream()
                      .map(recipient -> outcome.under(recipient.given())))
          .toList();
    }
  }

  /**
   * One recipient.
   *
   * @param given the address in the mail, for James, the log and bounces; maybe with U-labels
   * @param path the address on the wire
   */
  record Recipient(String given, MailboxPath path) {}

  static Routing of(Collection<MailAddress> recipients, DeliveryParameters parameters) {
    Map<List<NextHop>, List<Recipient>> routes = new LinkedHashMap<>();
    List<NextHop> gateways = gateways(parameters);
    List<Bounced> unroutable = new ArrayList<>();
    for (MailAddress recipient : recipients) {
      String text = recipient.asString();
      try {
        MailboxPath path = path(recipient);
        routes
            .computeIfAbsent(
                nextHops(recipient.getDomain(), gateways, parameters), any -> new ArrayList<>())
            .add(new Recipient(text, path));
      } catch (InvalidMailboxException e) {
        unroutable.add(
            bounced(text, BAD_MAILBOX, "RFC 5321 section 4.1.2", String.valueOf(e.getMessage())));
      } catch (InvalidDomainNameException e) {
        unroutable.add(
            bounced(
                text,
                MailDelivery.BAD_SYSTEM,
                "RFC 5321 section 2.3.5",
                String.valueOf(e.getMessage())));
      }
    }
    return new Routing(
        routes.entrySet().stream().map(way -> new Route(way.getKey(), way.getValue())).toList(),
        List.copyOf(unroutable));
  }

  /**
   * An address of James on the wire. Its domain is taken as it was written: James lowers case as
   * Java does, with a final sigma where UTS #46 has none.
   */
  static MailboxPath path(MailAddress address)
      throws InvalidMailboxException, InvalidDomainNameException {
    return MailboxPath.parseInternational(AddressLiteral.spelled(address));
  }

  /** Where mail for a domain may go; of gateways, in the order in which they are set. */
  static List<NextHop> nextHops(DomainName domain, DeliveryParameters parameters) {
    return parameters.gateways().isEmpty()
        ? List.of(new NextHop.MailDomain(domain, parameters.connection().port()))
        : parameters.gateways();
  }

  private static Bounced bounced(String recipient, String code, String rule, String why) {
    return new Bounced(recipient, Reason.ruledOut(code, rule, why));
  }

  /** The same for all recipients of a mail, which stay one mail so. */
  private static List<NextHop> gateways(DeliveryParameters parameters) {
    List<NextHop> gateways = new ArrayList<>(parameters.gateways());
    if (parameters.shuffleGateways()) {
      Collections.shuffle(gateways, ThreadLocalRandom.current());
    }
    return gateways;
  }

  private static List<NextHop> nextHops(
      Domain domain, List<NextHop> gateways, DeliveryParameters parameters)
      throws InvalidDomainNameException {
    if (!gateways.isEmpty()) {
      return gateways;
    }
    int port = parameters.connection().port();
    Optional<InetAddress> literal = AddressLiteral.of(domain);
    return List.of(
        literal.isPresent()
            ? new NextHop.LiteralAddress(literal.get(), port)
            : new NextHop.MailDomain(DomainName.parseInternational(domain.name()), port));
  }

  /** For what a mail is bound: mail by a gateway goes for all its recipients at once. */
  static String destination(Mail mail, DeliveryParameters parameters) {
    return parameters.gateways().stream()
        .findFirst()
        .map(gateway -> gateway.policyDomain().value())
        .or(() -> mail.getRecipients().stream().findFirst().map(Routing::domainOf))
        .orElse("");
  }

  private static String domainOf(MailAddress recipient) {
    Optional<InetAddress> literal = AddressLiteral.of(recipient.getDomain());
    if (literal.isPresent()) {
      return DomainName.ofAddress(literal.get()).value();
    }
    String name = recipient.getDomain().name();
    try {
      return DomainName.parseInternational(name).value();
    } catch (InvalidDomainNameException e) {
      return PrintableText.of(name);
    }
  }
}
