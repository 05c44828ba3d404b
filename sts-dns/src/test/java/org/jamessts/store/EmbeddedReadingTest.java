package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.dns.DomainName;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a server, looked at by another process; here, after the one that wrote it. */
class EmbeddedReadingTest {

  private static final DomainName DOMAIN = new DomainName("example.test");

  @TempDir Path directory;

  private static KnownPolicy policy() {
    String text = "version: STSv1\nmode: enforce\nmx: mx.example.test\nmax_age: 86400\n";
    StsPolicyParse parse = StsPolicy.parse(text.getBytes(StandardCharsets.US_ASCII));
    return new KnownMtaStsPolicy(
        DOMAIN, "1", ((StsPolicyParse.Parsed) parse).policy(), Instant.now());
  }

  private Stores writing() {
    return new Stores(new EmbeddedDatabase(directory, Clock.systemUTC()), 10, Clock.systemUTC());
  }

  @Test
  void whatWasWrittenShouldBeReadAndStayAsItIs() throws Exception {
    KnownPolicy policy = policy();
    try (Stores stores = writing()) {
      stores.policies().put(policy);
    }
    byte[] before = Files.readAllBytes(directory.resolve("sts.mv.db"));

    try (EmbeddedReading reading = new EmbeddedReading(directory);
        Stores stores = new Stores(reading, 10, Clock.systemUTC())) {
      assertThat(reading.isInUse()).isFalse();
      assertThat(stores.policies().get(Slot.MTA_STS, DOMAIN)).contains(policy);
      assertThat(stores.policies().canTell()).isTrue();
      assertThat(stores.deferrals().waitingFor("example.test", DeferralReason.ANY, 0, 10))
          .isEmpty();
      assertThat(stores.overrides().all()).isEmpty();
    }

    assertThat(Files.readAllBytes(directory.resolve("sts.mv.db"))).isEqualTo(before);
  }

  /** In one process H2 would share it: so the lock is taken that another would hold. */
  @Test
  void fileOfAServerThatRunsShouldBeInUse() throws Exception {
    try (Stores stores = writing()) {
      stores.policies().put(policy());
    }
    try (FileChannel file =
            FileChannel.open(directory.resolve("sts.mv.db"), StandardOpenOption.WRITE);
        FileLock held = file.lock();
        EmbeddedReading reading = new EmbeddedReading(directory)) {
      assertThat(held.isValid()).isTrue();
      assertThat(reading.isInUse()).isTrue();
    }
  }

  @Test
  void nothingShouldBeKnownAndNothingMadeWhereThereIsNoFile() throws Exception {
    try (EmbeddedReading reading = new EmbeddedReading(directory);
        Stores stores = new Stores(reading, 10, Clock.systemUTC())) {
      assertThat(stores.policies().get(Slot.MTA_STS, DOMAIN)).isEmpty();
      assertThat(stores.policies().canTell()).isTrue();
      assertThat(stores.deferrals().waitingFor("example.test", DeferralReason.ANY, 0, 10))
          .isEmpty();
    }

    assertThat(directory).isEmptyDirectory();
  }
}
