package org.jamessts.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class PrivateDnsTest {

  private final PrivateDns dns = PrivateDns.start();

  @AfterEach
  void stop() {
    dns.close();
  }

  @Test
  void chainShouldBeAnsweredInOneMessage() throws Exception {
    dns.cname("a.test", "b.test").cname("b.test", "c.test").a("c.test", "192.0.2.1");
    assertThat(ask("a.test.", Type.A).getSection(Section.ANSWER))
        .extracting(record -> Type.string(record.getType()))
        .containsExactly("CNAME", "CNAME", "A");
  }

  @Test
  void emptyNonTerminalShouldExist() throws Exception {
    dns.txt("_mta-sts.example.com", "v=STSv1; id=1;");
    assertThat(ask("example.com.", Type.MX).getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(ask("example.net.", Type.MX).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(ask("example.net.", Type.MX).getSection(Section.AUTHORITY))
        .extracting(Record::getType)
        .containsExactly(Type.SOA);
  }

  @Test
  void largeAnswerShouldBeTruncatedOverUdpAndWholeOverTcp() throws Exception {
    for (int i = 0; i < 40; i++) {
      dns.txt("big.test", "x".repeat(200) + i);
    }
    SimpleResolver udp = client();
    udp.setIgnoreTruncation(true);
    assertThat(udp.send(query("big.test.", Type.TXT)).getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(ask("big.test.", Type.TXT).getSection(Section.ANSWER)).hasSize(40);
    assertThat(dns.queries()).contains(new PrivateDns.Query("big.test", "TXT", true));
  }

  @Test
  void truncationOnDemandShouldLeaveNoRecordOverUdp() throws Exception {
    dns.a("a.test", "192.0.2.1").a("a.test", "192.0.2.2").a("a.test", "192.0.2.3");
    dns.fault("a.test", "A", DnsFault.TRUNCATE_UDP);
    SimpleResolver udp = client();
    udp.setIgnoreTruncation(true);
    assertThat(udp.send(query("a.test.", Type.A)).getSection(Section.ANSWER)).isEmpty();
    assertThat(ask("a.test.", Type.A).getSection(Section.ANSWER)).hasSize(3);
  }

  @Test
  void recordsAndFaultsShouldComeAndGo() throws Exception {
    dns.mx("example.com", 10, "mx.example.com").fault("example.com", "MX", DnsFault.SERVFAIL);
    assertThat(ask("example.com.", Type.MX).getRcode()).isEqualTo(Rcode.SERVFAIL);
    dns.heal("example.com", "MX");
    assertThat(ask("EXAMPLE.com.", Type.MX).getSection(Section.ANSWER)).hasSize(1);
    dns.remove("example.com", "MX").a("mx.example.com", "192.0.2.1");
    assertThat(ask("example.com.", Type.MX).getSection(Section.ANSWER)).isEmpty();
    assertThat(dns.queries("example.com", "MX")).isEqualTo(3);
  }

  @Test
  void silenceShouldBeSilence() {
    dns.fault("example.com", "MX", DnsFault.SILENCE);
    assertThatThrownBy(() -> ask("example.com.", Type.MX)).isInstanceOf(IOException.class);
  }

  @Test
  void serverShouldListenOnIpv6() throws Exception {
    try (PrivateDns six = PrivateDns.start(InetAddress.getAllByName("::1")[0])) {
      six.aaaa("example.com", "2001:db8::1");
      SimpleResolver client = new SimpleResolver(six.address());
      assertThat(client.send(query("example.com.", Type.AAAA)).getSection(Section.ANSWER))
          .hasSize(1);
    }
  }

  private SimpleResolver client() {
    SimpleResolver client = new SimpleResolver(dns.address());
    client.setTimeout(Duration.ofSeconds(1));
    return client;
  }

  private Message ask(String name, int type) throws IOException {
    return client().send(query(name, type));
  }

  private static Message query(String name, int type) {
    return Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, DClass.IN));
  }
}
