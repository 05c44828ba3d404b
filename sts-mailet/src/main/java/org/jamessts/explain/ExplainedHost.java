package org.jamessts.explain;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jamessts.dane.DaneLookup;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.TlsaRecord;
import org.jamessts.x509.CertificateFacts;

/**
 * One host of the route, as delivery would take it.
 *
 * @param host the name in the MX record
 * @param preference of the MX record
 * @param requirement everything to which mail is held there, in a few words
 * @param enforced whether mail is kept from the host if it breaks that
 * @param byName what each promise says of its name, before anybody connects
 * @param addresses in the order in which they are tried, the first 20
 * @param addressDetail why there are none
 * @param tlsa what DNSSEC proves of its certificate
 * @param contacts at which addresses it was asked, or would be
 * @param obstacles why it would not get the mail
 */
public record ExplainedHost(
    String host,
    int preference,
    String requirement,
    boolean enforced,
    List<Check> byName,
    List<String> addresses,
    String addressDetail,
    Tlsa tlsa,
    List<Contact> contacts,
    List<ExplainedReason> obstacles) {

  /**
   * One promise of the domain, held against the host.
   *
   * @param promise {@code sts}, {@code sts1}, {@code tlsa} or {@code no-policy-found}, as a TLS
   *     report calls it
   * @param asked the promise in a few words
   * @param satisfied whether nothing is wrong
   * @param why what is wrong
   */
  public record Check(
      String promise, String asked, boolean satisfied, Optional<ExplainedReason> why) {}

  /**
   * TLSA records.
   *
   * @param lookup {@code usable}, {@code unusable}, {@code none} or {@code failed}
   * @param base the TLSA base domain; empty without records
   * @param records those that hold, the first 20
   * @param reason why there are none, or none is usable
   */
  public record Tlsa(String lookup, String base, List<String> records, String reason) {

    /** A lookup in texts. */
    public static Tlsa of(DaneLookup lookup) {
      if (lookup instanceof DaneLookup.Usable usable) {
        return new Tlsa(
            "usable",
            usable.records().base().value(),
            Shown.texts(usable.records().records(), TlsaRecord::toString),
            "");
      }
      if (lookup instanceof DaneLookup.Unusable unusable) {
        return new Tlsa(
            "unusable",
            unusable.base().value(),
            Shown.texts(unusable.records(), TlsaRecord::toString),
            Shown.text(unusable.reason()));
      }
      return lookup instanceof DaneLookup.Failed failed
          ? new Tlsa("failed", "", List.of(), Shown.text(failed.detail()))
          : new Tlsa("none", "", List.of(), Shown.text(((DaneLookup.None) lookup).reason()));
    }
  }

  /**
   * One address.
   *
   * @param address an IP address
   * @param port a TCP port
   * @param outcome {@code would-send}, {@code refused} by a promise, {@code failed}, or {@code
   *     not-tried}
   * @param channel {@code TLSv1.3 TLS_AES_256_GCM_SHA384 verified} or the like, {@code clear}, or
   *     what became of the attempt to get TLS
   * @param certificates as sent, the leaf first, the first four
   * @param webPkiFaults what is wrong with them by the web PKI, whether or not anybody demands that
   *     nothing is; empty without TLS
   * @param checks what each promise says of the channel
   * @param detail what else is to be said
   * @param millis how long it took
   */
  public record Contact(
      String address,
      int port,
      String outcome,
      String channel,
      List<Certificate> certificates,
      List<String> webPkiFaults,
      List<Check> checks,
      String detail,
      long millis) {

    /** One where nobody was asked. */
    public static Contact notTried(InetAddress address, int port, String detail) {
      return new Contact(
          address.getHostAddress(),
          port,
          "not-tried",
          "",
          List.of(),
          List.of(),
          List.of(),
          detail,
          0);
    }
  }

  /**
   * A certificate.
   *
   * @param subject its distinguished name
   * @param issuer likewise
   * @param dnsNames its alternative names, the first 20
   * @param notBefore from when it is valid, RFC 3339
   * @param notAfter until when, RFC 3339
   */
  public record Certificate(
      String subject, String issuer, List<String> dnsNames, String notBefore, String notAfter) {

    /** In a subject alternative name (RFC 5280 §4.2.1.6). */
    private static final Integer DNS_NAME = 2;

    private static final int MAX_SHOWN = 4;

    /** A chain in texts. */
    public static List<Certificate> of(List<X509Certificate> chain) {
      return chain.stream()
          .limit(MAX_SHOWN)
          .map(
              certificate ->
                  new Certificate(
                      Shown.text(certificate.getSubjectX500Principal().getName()),
                      Shown.text(certificate.getIssuerX500Principal().getName()),
                      dnsNames(certificate),
                      certificate.getNotBefore().toInstant().toString(),
                      certificate.getNotAfter().toInstant().toString()))
          .toList();
    }

    /** What is wrong with a chain by the web PKI, in texts. */
    public static List<String> webPkiFaults(CertificateFacts chain, DomainName host, Instant now) {
      return Shown.texts(
          chain.faultsFor(host, now, CertificateFacts.Names.DNS_IDS),
          CertificateFacts.Finding::explanation);
    }

    private static List<String> dnsNames(X509Certificate certificate) {
      try {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
            ? List.of()
            : Shown.texts(
                names.stream().filter(name -> DNS_NAME.equals(name.get(0))).toList(),
                name -> String.valueOf(name.get(1)));
      } catch (CertificateParsingException e) {
        return List.of();
      }
    }
  }

  /** The addresses of a lookup. */
  public static List<String> addresses(AddressLookup lookup) {
    return lookup instanceof AddressLookup.Found found
        ? Shown.texts(found.addresses(), InetAddress::getHostAddress)
        : List.of();
  }

  /** Why there are none. */
  public static String addressDetail(AddressLookup lookup) {
    if (lookup instanceof AddressLookup.None none) {
      return none.nameExists() ? "the host has no address" : "there is no such host";
    }
    return lookup instanceof AddressLookup.Failed failed ? Shown.text(failed.detail()) : "";
  }
}
