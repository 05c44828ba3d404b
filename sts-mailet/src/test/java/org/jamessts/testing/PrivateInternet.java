package org.jamessts.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A small Internet on 127.0.0.0/8: one DNS server that knows every name, a certificate authority, a
 * policy host for all domains, and an address of its own for each MX host. All SMTP servers share
 * one port and all policy hosts another, since that is what a sender expects; neither is fixed.
 */
public final class PrivateInternet implements AutoCloseable {

  private static final String POLICY_HOST = "127.77.1.1";

  /** The top-level domain below which nothing is signed, unless a test does it. */
  private static final String UNSIGNED = "test";

  /** The one below which everything is. */
  private static final String SIGNED = "example";

  /** Nobody listens here. */
  private static final String DEAD_HOST = "127.77.1.2";

  /** What is wrong with a policy host. */
  public enum PolicyHostFault {
    /** Nothing. */
    NONE,
    /** Nobody listens. */
    DOWN,
    /** It serves a body that is no policy. */
    MALFORMED,
    /** It answers 301, with a good policy at the new place. */
    REDIRECT,
    /** Its certificate is signed by nobody. */
    UNTRUSTED
  }

  private final PrivateCa ca = PrivateCa.create("Private Internet");
  private final PrivateDns dns = PrivateDns.start();
  private final PolicyHost policyHost = PolicyHost.start(loopback(1, 1), 0);
  private final Map<String, SmtpSink> mxHosts = new LinkedHashMap<>();
  private final Map<String, List<ReceivedMail>> buried = new LinkedHashMap<>();
  private final int smtpPort;
  private int lastAddress;

  /** Starts it, without any domain. */
  public PrivateInternet() {
    this.smtpPort = freePort();
    dns.sign(SIGNED).unsignedZone(UNSIGNED);
  }

  private static int freePort() {
    // The other addresses of 127.77.0.0/16 are nobody else's, so one of them speaks for all.
    try (ServerSocket socket = new ServerSocket(0, 1, loopback(0, 1))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(
          "this machine has no addresses 127.77.0.0/16, which the private Internet is made of", e);
    }
  }

  private static InetAddress loopback(int third, int fourth) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 77, (byte) third, (byte) fourth});
    } catch (UnknownHostException e) {
      throw new AssertionError("four octets are an address", e);
    }
  }

  /** The authority that everybody here trusts. */
  public PrivateCa ca() {
    return ca;
  }

  /** The name server. */
  public PrivateDns dns() {
    return dns;
  }

  /** The port of every MX host. */
  public int smtpPort() {
    return smtpPort;
  }

  /** The port of every policy host. */
  public int policyPort() {
    return policyHost.port();
  }

  /** The settings with which a server finds its way here. */
  public String settings(Path trustStore) throws IOException {
    ca.writePem(trustStore);
    Path anchors = trustStore.resolveSibling("root.key");
    Files.writeString(anchors, dns.trustAnchor());
    return String.join(
        "\n",
        "dns.servers=127.0.0.1:" + dns.address().getPort(),
        "dnssec.trustAnchors=" + anchors,
        "tls.trustStore=" + trustStore,
        "policy.httpsPort=" + policyHost.port(),
        "policy.allowPrivateAddresses=true",
        "mx.allowLoopbackAddresses=true",
        "");
  }

  /** Publishes a policy, in DNS and at a good policy host. */
  public void policy(String domain, String mode, String mxPattern) {
    policy(domain, mode, mxPattern, PolicyHostFault.NONE);
  }

  /** Publishes a policy in DNS, at a policy host with a fault. */
  public void policy(String domain, String mode, String mxPattern, PolicyHostFault fault) {
    String host = "mta-sts." + domain;
    String text =
        "version: STSv1\r\nmode: " + mode + "\r\nmx: " + mxPattern + "\r\nmax_age: 604800\r\n";
    dns.txt("_mta-sts." + domain, "v=STSv1; id=20261123;");
    dns.a(host, fault == PolicyHostFault.DOWN ? DEAD_HOST : POLICY_HOST);
    PolicyHostEffect good = PolicyHostEffect.policy(text);
    policyHost.serve(
        domain,
        fault == PolicyHostFault.UNTRUSTED ? PrivateCa.selfSigned(host) : ca.issue(host),
        switch (fault) {
          case REDIRECT -> {
            policyHost.serve("moved." + domain, ca.issue("mta-sts.moved." + domain), good);
            dns.a("mta-sts.moved." + domain, POLICY_HOST);
            yield PolicyHostEffect.redirect(
                "https://mta-sts.moved."
                    + domain
                    + ":"
                    + policyHost.port()
                    + "/.well-known/mta-sts.txt");
          }
          case MALFORMED -> PolicyHostEffect.policy(text.replace("mode: " + mode + "\r\n", ""));
          case NONE, DOWN, UNTRUSTED -> good;
        });
  }

  /** Publishes a policy of the draft of 2016 in place of another, in DNS and with a good copy. */
  public void draftPolicy(DraftPolicy policy) {
    draftPolicy(policy, DraftPolicy.Fault.NONE);
  }

  /** The same with a copy that has a fault. */
  public void draftPolicy(DraftPolicy policy, DraftPolicy.Fault fault) {
    String record = "_smtp_sts." + policy.domain();
    String host = policy.host();
    dns.remove(record, "TXT");
    dns.add("%s. %d IN TXT \"%s\"".formatted(record, policy.ttl(), policy.text()));
    dns.remove(host, "A");
    dns.a(host, fault == DraftPolicy.Fault.DOWN ? DEAD_HOST : POLICY_HOST);
    policyHost.serveHost(
        host,
        fault == DraftPolicy.Fault.UNTRUSTED ? PrivateCa.selfSigned(host) : ca.issue(host),
        PolicyHostEffect.policy(
            fault == DraftPolicy.Fault.BODY_DIFFERS ? policy.text() + ";" : policy.text()));
  }

  /** A host to which TLS reports can be posted; it accepts them. */
  public void reportHost(String name) {
    reportHost(name, Map.of());
  }

  /**
   * The same in place of one of that name.
   *
   * @param paths what it does at these paths
   */
  public void reportHost(String name, Map<String, PolicyHostEffect> paths) {
    dns.remove(name, "A");
    dns.a(name, POLICY_HOST);
    policyHost.serveHost(
        name, ca.issue(name), PolicyHostEffect.answer("201 Created", "", ""), paths);
  }

  /** What was asked of a host over HTTPS, policies and posted reports, oldest first. */
  public List<PolicyHost.Request> requestsOf(String name) {
    return policyHost.requests().stream().filter(request -> request.sni().equals(name)).toList();
  }

  /** How often a host was asked for a policy. */
  public int policyRequests(String host) {
    return policyHost.requestsOf(host);
  }

  /** Takes both policies of a domain away as an attacker would: no TXT record, no policy host. */
  public void blockPolicy(String domain) {
    dns.remove("_smtp_sts." + domain, "TXT");
    dns.remove("_mta-sts." + domain, "TXT");
    dns.remove("mta-sts." + domain, "A");
    dns.a("mta-sts." + domain, DEAD_HOST);
  }

  /** An MX host with TLS and a certificate that is valid for it. */
  public void goodMx(String domain, int preference, String mx) {
    mx(domain, preference, mx, ca.issue(mx));
  }

  /** An MX host with TLS, a chosen certificate, and faults. */
  public void mx(
      String domain,
      int preference,
      String mx,
      PrivateCa.Credential credential,
      SmtpEffect... effects) {
    String address = nextAddress();
    announce(domain, preference, mx, address);
    mxHosts.put(mx, sink(mx, address).tls(credential).effects(effects).start());
  }

  /** An MX host that knows no TLS. */
  public void mxWithoutTls(String domain, int preference, String mx) {
    String address = nextAddress();
    announce(domain, preference, mx, address);
    mxHosts.put(mx, sink(mx, address).start());
  }

  /** A domain without MX record that is its own host, with TLS and a valid certificate. */
  public void implicitMx(String domain) {
    String address = nextAddress();
    dns.a(domain, address);
    mxHosts.put(domain, sink(domain, address).tls(ca.issue(domain)).start());
  }

  /** A host of its own name, without MX records, set up as a test needs it. */
  public SmtpSink host(String name, UnaryOperator<SmtpSink.Builder> setup) {
    String address = nextAddress();
    dns.a(name, address);
    SmtpSink sink = setup.apply(sink(name, address)).start();
    mxHosts.put(name, sink);
    return sink;
  }

  /** Puts another server in the place of an MX host, as an attacker would. */
  public void replaceMx(String mx, PrivateCa.Credential credential, SmtpEffect... effects) {
    SmtpSink former = server(mx);
    former.close();
    buried.computeIfAbsent(mx, any -> new ArrayList<>()).addAll(former.mails());
    mxHosts.put(
        mx,
        sink(mx, former.address().getAddress().getHostAddress())
            .tls(credential)
            .effects(effects)
            .start());
  }

  /** The server of an MX host. */
  public SmtpSink server(String mx) {
    SmtpSink sink = mxHosts.get(mx);
    if (sink == null) {
      throw new IllegalArgumentException("there is no MX host " + mx);
    }
    return sink;
  }

  /** Every mail that any server here received for a recipient, complete or refused at the end. */
  public List<ReceivedMail> receivedFor(String recipient) {
    List<ReceivedMail> mails = new ArrayList<>();
    buried.values().forEach(mails::addAll);
    mxHosts.values().forEach(sink -> mails.addAll(sink.transactions()));
    return mails.stream().filter(mail -> mail.recipients().contains(recipient)).toList();
  }

  private void announce(String domain, int preference, String mx, String address) {
    dns.mx(domain, preference, mx);
    dns.a(mx, address);
  }

  private SmtpSink.Builder sink(String mx, String address) {
    return SmtpSink.on(address).port(smtpPort).hostName(mx);
  }

  private String nextAddress() {
    lastAddress++;
    return "127.77.0." + lastAddress;
  }

  @Override
  public void close() {
    mxHosts.values().forEach(SmtpSink::close);
    policyHost.close();
    dns.close();
  }
}
