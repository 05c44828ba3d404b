package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.dns.DnsAnswer.Failure;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class KeyMessagesTest {

  private static final int MAX_OCTETS = 16 * 1024 * 1024;
  private static final int KEY = 16_384;
  private static final int ZONES = 3 * MAX_OCTETS / (2 * KEY);

  private final Deadline deadline = Deadline.after(Duration.ofMinutes(2));
  private final AtomicInteger asked = new AtomicInteger();
  private boolean silent;
  private final KeyMessages keys = new KeyMessages((zone, until) -> ask(zone), Clock.systemUTC());

  private Message ask(DnsQuestion question) throws DnsFailureException {
    if (silent) {
      throw new DnsFailureException(Failure.TIMEOUT, "no answer in time");
    }
    asked.incrementAndGet();
    Message answer = Message.newQuery(question.toRecord());
    byte[] key = new byte[KEY];
    answer.addRecord(
        new DNSKEYRecord(question.name(), DClass.IN, 3600, 257, 3, 13, key), Section.ANSWER);
    return answer;
  }

  private static DnsQuestion zone(int number) {
    return new DnsQuestion(Name.fromConstantString("zone" + number + ".test."), Type.DNSKEY);
  }

  private boolean isKept(int number) {
    try {
      keys.get(zone(number), deadline);
      return true;
    } catch (DnsFailureException e) {
      return false;
    }
  }

  /** Whoever has many zones must not fill our memory with their keys. */
  @Test
  void keptMessagesShouldFillTheirRoomAndNoMore() throws DnsFailureException {
    for (int number = 0; number < ZONES; number++) {
      keys.get(zone(number), deadline);
    }
    assertThat(asked).hasValue(ZONES);

    silent = true;
    int kept = 0;
    for (int number = 0; number < ZONES; number++) {
      kept += isKept(number) ? 1 : 0;
    }

    // In memory, a message takes about twice what it takes on the wire.
    assertThat(2L * KEY * kept).isBetween(MAX_OCTETS / 2L, (long) MAX_OCTETS);
  }
}
