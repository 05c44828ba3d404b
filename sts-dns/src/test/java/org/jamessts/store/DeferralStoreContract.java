package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jamessts.deferral.ClaimedMail;
import org.jamessts.deferral.DeferralCount;
import org.jamessts.deferral.DeferralReason;
import org.jamessts.deferral.DeferralStore;
import org.jamessts.deferral.DeferralStore.Share;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.deferral.DeferredMail;
import org.junit.jupiter.api.Test;

/** Mail that waits in a database, for one or several servers. */
interface DeferralStoreContract extends StoreContract {

  Duration LEASE = Duration.ofMinutes(10);
  Share ALL = new Share(1_000, 1_000, LEASE);

  /** Around what is kept in one piece. */
  List<Integer> SIZES =
      List.of(0, 1, 1_000, 5_000, PartWriter.PART - 1, PartWriter.PART, PartWriter.PART + 1);

  private Instant now() {
    return clock().instant();
  }

  default DeferredMail mail(String domain, Duration delay) {
    return mail(domain, "policy", delay);
  }

  private DeferredMail mail(String domain, String verdict, Duration delay) {
    return new DeferredMail(
        UUID.randomUUID().toString(),
        "mail-1-to-" + domain,
        "outgoing",
        new DeferredMail.Cause(
            domain,
            verdict,
            verdict.equals("policy") ? "certificate-expired" : "",
            "450 4.7.5 why"),
        "{\"of\": \"na\u00efve \u2603\"}",
        now(),
        now().plus(delay));
  }

  default DeferredMail put(Server server, DeferredMail mail) throws DeferralStoreException {
    server.deferrals.put(mail, out -> out.write(mail.id().getBytes(UTF_8)));
    return mail;
  }

  private static List<DeferredMail> mails(List<ClaimedMail> claimed) {
    return claimed.stream().map(ClaimedMail::mail).toList();
  }

  static ClaimedMail only(List<ClaimedMail> claimed) {
    assertThat(claimed).hasSize(1);
    return claimed.get(0);
  }

  @Test
  default void mailShouldComeBackAsItWasWhenItIsDue() throws Exception {
    byte[] content = new byte[2 * PartWriter.PART + 17];
    new Random(1).nextBytes(content);
    DeferredMail mail = mail("a.example", Duration.ofMinutes(5));
    server().deferrals.put(mail, out -> out.write(content));
    Server other = server();

    assertThat(other.deferrals.claim(now(), ALL)).as("too early").isEmpty();
    assertThat(other.deferrals.nextDue()).contains(mail.due());
    clock().advance(Duration.ofMinutes(5));

    ClaimedMail claimed = only(other.deferrals.claim(now(), ALL));
    assertThat(claimed.mail()).isEqualTo(mail);
    assertThat(other.deferrals.content(claimed).readAllBytes()).isEqualTo(content);
    assertThat(other.deferrals.trouble()).isEmpty();
  }

  /** Small ones are kept together with others, large ones alone. */
  @Test
  default void contentOfAnySizeShouldComeBackThoughMailsComeTogether() throws Exception {
    Server server = server();
    Map<String, byte[]> contents = new HashMap<>();
    Random random = new Random(2);
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<Future<DeferredMail>> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        DeferredMail mail = mail("d" + i + ".example", Duration.ZERO);
        byte[] content = new byte[SIZES.get(i % SIZES.size())];
        random.nextBytes(content);
        contents.put(mail.id(), content);
        all.add(
            threads.submit(
                () -> {
                  server.deferrals.put(mail, out -> out.write(content));
                  return mail;
                }));
      }
      for (Future<DeferredMail> one : all) {
        assertThat(one.get().id()).isIn(contents.keySet());
      }
    } finally {
      threads.shutdown();
    }
    clock().advance(Duration.ofSeconds(1));

    List<ClaimedMail> claimed = server.deferrals.claim(now(), ALL);

    assertThat(claimed).hasSize(60);
    for (ClaimedMail mail : claimed) {
      assertThat(server.deferrals.content(mail).readAllBytes())
          .isEqualTo(contents.get(mail.mail().id()));
    }
  }

  @Test
  default void mailThatCannotBeReadShouldNotKeepOthersFromTheStoreThatComeWithIt()
      throws Exception {
    Server server = server();
    ExecutorService threads = Executors.newFixedThreadPool(20);
    int refused = 0;
    try {
      List<Future<DeferredMail>> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        boolean readable = i % 3 > 0;
        DeferredMail mail = mail("d" + i + ".example", Duration.ZERO);
        all.add(
            threads.submit(
                () -> {
                  server.deferrals.put(
                      mail,
                      out -> {
                        out.write(new byte[1_000]);
                        if (!readable) {
                          throw new IOException("the file is gone");
                        }
                      });
                  return mail;
                }));
      }
      for (Future<DeferredMail> one : all) {
        try {
          assertThat(one.get().name()).startsWith("mail-");
        } catch (ExecutionException e) {
          assertThat(e).hasMessageContaining("the file is gone");
          refused++;
        }
      }
    } finally {
      threads.shutdown();
    }
    clock().advance(Duration.ofSeconds(1));

    assertThat(refused).isEqualTo(20);
    assertThat(server.deferrals.claim(now(), ALL)).hasSize(40);
    assertThat(server.deferrals.trouble()).isEmpty();
  }

  @Test
  default void contentMayBeEmptyAndWrittenInOctets() throws Exception {
    Server server = server();
    server.deferrals.put(mail("a.example", Duration.ZERO), out -> {});
    server.deferrals.put(
        mail("b.example", Duration.ofMillis(1)),
        out -> {
          out.write('x');
          out.write(0xff);
        });
    clock().advance(Duration.ofSeconds(1));

    List<ClaimedMail> claimed = server.deferrals.claim(now(), ALL);

    assertThat(server.deferrals.content(claimed.get(0)).read()).isEqualTo(-1);
    try (var second = server.deferrals.content(claimed.get(1))) {
      assertThat(List.of(second.read(), second.read(), second.read()))
          .containsExactly('x' + 0, 255, -1);
    }
  }

  @Test
  default void nothingShouldBeKeptOfAMailThatCannotBeRead() throws Exception {
    Server server = server();

    assertThatThrownBy(
            () ->
                server.deferrals.put(
                    mail("a.example", Duration.ZERO),
                    out -> {
                      out.write(new byte[PartWriter.PART + 1]);
                      throw new IOException("the file is gone");
                    }))
        .isInstanceOf(DeferralStoreException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("the file is gone");

    assertThat(server.deferrals.size()).isZero();
    assertThat(server.deferrals.trouble()).as("not the database's fault").isEmpty();
    put(server, mail("a.example", Duration.ZERO));
    assertThat(server.deferrals.size()).isEqualTo(1);
  }

  @Test
  default void mailWithAHugeEnvelopeShouldBeRefusedAndNotTakenForAnOutage() throws Exception {
    DeferredMail like = mail("a.example", Duration.ZERO);
    DeferredMail huge =
        new DeferredMail(
            like.id(),
            like.name(),
            like.queue(),
            like.cause(),
            "x".repeat(1_000_001),
            like.deferredAt(),
            like.due());
    Server server = server();

    assertThatThrownBy(() -> put(server, huge)).hasMessageContaining("envelope");

    assertThat(server.deferrals.trouble()).isEmpty();
  }

  @Test
  default void eachMailShouldGoToOneOfTwoServersOnly() throws Exception {
    Server first = server();
    Server second = server();
    Set<DeferredMail> all = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      all.add(put(first, mail("d" + i % 4 + ".example", Duration.ZERO)));
    }
    List<DeferredMail> claimed = new ArrayList<>();

    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Share share = new Share(5, 5, LEASE);
      List<Callable<List<DeferredMail>>> both =
          List.of(() -> everything(first, share), () -> everything(second, share));
      for (Future<List<DeferredMail>> result : threads.invokeAll(both)) {
        claimed.addAll(result.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(claimed).doesNotHaveDuplicates().hasSameElementsAs(all);
  }

  private List<DeferredMail> everything(Server server, Share share) throws DeferralStoreException {
    List<DeferredMail> claimed = new ArrayList<>();
    // Empty while mails are left: the other server took all that was seen.
    while (server.deferrals.nextDue().orElseThrow().isBefore(now().plusSeconds(1))) {
      claimed.addAll(mails(server.deferrals.claim(now(), share)));
    }
    return claimed;
  }

  @Test
  default void claimOfAServerThatDiedShouldEndAndNotCountAfterwards() throws Exception {
    Server died = server();
    DeferredMail mail = put(died, mail("a.example", Duration.ZERO));
    ClaimedMail before = only(died.deferrals.claim(now(), ALL));
    Server other = server();
    assertThat(other.deferrals.claim(now(), ALL)).isEmpty();

    clock().advance(LEASE);

    ClaimedMail after = only(other.deferrals.claim(now(), ALL));
    assertThat(after.mail().id()).isEqualTo(mail.id());
    assertThat(died.deferrals.delete(List.of(before))).isZero();
    died.deferrals.release(before, now());
    assertThat(other.deferrals.claim(now(), ALL)).isEmpty();
    assertThat(other.deferrals.delete(List.of(after))).isEqualTo(1);
    assertThat(other.deferrals.size()).isZero();
  }

  @Test
  default void partsShouldGoWithTheirMail() throws Exception {
    Server server = server();
    put(server, mail("a.example", Duration.ZERO));
    ClaimedMail claimed = only(server.deferrals.claim(now(), ALL));

    assertThat(server.deferrals.delete(List.of(claimed))).isEqualTo(1);

    assertThatThrownBy(() -> server.deferrals.content(claimed).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not there");
  }

  @Test
  default void releasedMailShouldBeDueWhenToldSo() throws Exception {
    Server server = server();
    put(server, mail("a.example", Duration.ZERO));
    ClaimedMail claimed = only(server.deferrals.claim(now(), ALL));

    server.deferrals.release(claimed, now().plusSeconds(60));

    assertThat(server.deferrals.nextDue()).contains(now().plusSeconds(60));
    assertThat(server.deferrals.claim(now(), ALL)).isEmpty();
    clock().advance(Duration.ofSeconds(60));
    assertThat(server.deferrals.claim(now(), ALL)).hasSize(1);
  }

  @Test
  default void domainWithManyMailsShouldNotBeInTheWayOfOthers() throws Exception {
    Server server = server();
    for (int i = 0; i < 30; i++) {
      put(server, mail("many.example", Duration.ofMillis(i)));
    }
    DeferredMail other = put(server, mail("other.example", Duration.ofSeconds(5)));
    clock().advance(Duration.ofSeconds(10));

    List<DeferredMail> claimed = mails(server.deferrals.claim(now(), new Share(6, 4, LEASE)));

    assertThat(claimed).hasSize(5).contains(other);
    assertThat(claimed.subList(0, 4))
        .allSatisfy(mail -> assertThat(mail.cause().domain()).isEqualTo("many.example"))
        .isSortedAccordingTo((a, b) -> a.due().compareTo(b.due()));
  }

  @Test
  default void longestDueShouldGoFirst() throws Exception {
    Server server = server();
    DeferredMail later = put(server, mail("a.example", Duration.ofSeconds(2)));
    DeferredMail sooner = put(server, mail("b.example", Duration.ofSeconds(1)));
    clock().advance(Duration.ofSeconds(3));
    Share one = new Share(1, 1, LEASE);

    assertThat(mails(server.deferrals.claim(now(), one))).containsExactly(sooner);
    assertThat(mails(server.deferrals.claim(now(), one))).containsExactly(later);
  }

  @Test
  default void flushShouldMakeMailsOfTheDomainDueButForThoseThatAreClaimed() throws Exception {
    Server server = server();
    put(server, mail("a.example", Duration.ZERO));
    ClaimedMail claimed = only(server.deferrals.claim(now(), ALL));
    DeferredMail policy = put(server, mail("a.example", "policy", Duration.ofHours(1)));
    DeferredMail reply = put(server, mail("a.example", "reply", Duration.ofHours(2)));
    put(server, mail("b.example", Duration.ofHours(1)));

    assertThat(server.deferrals.flush("a.example", List.of("policy", "none"), now(), 10))
        .isEqualTo(1);
    assertThat(mails(server.deferrals.claim(now(), ALL)))
        .extracting(DeferredMail::id)
        .containsExactly(policy.id());
    assertThat(server.deferrals.flush("a.example", List.of(), now(), 10)).isEqualTo(1);
    assertThat(mails(server.deferrals.claim(now(), ALL)))
        .extracting(DeferredMail::id)
        .containsExactly(reply.id());
    assertThat(server.deferrals.delete(List.of(claimed))).as("the claim holds on").isEqualTo(1);
  }

  @Test
  default void flushOfSeveralDomainsShouldMoveOfEachWhatIsTold() throws Exception {
    Server server = server();
    for (int i = 0; i < 3; i++) {
      put(server, mail("a.example", "busy", Duration.ofHours(1)));
      put(server, mail("b.example", "busy", Duration.ofHours(1)));
      put(server, mail("c.example", "busy", Duration.ofHours(1)));
    }
    put(server, mail("a.example", "policy", Duration.ofHours(1)));
    Map<String, Integer> limits = Map.of("a.example", 9, "b.example", 2, "none.example", 5);

    assertThat(server.deferrals.flush(limits, List.of("busy"), now()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("a.example", 3, "b.example", 2, "none.example", 0));

    assertThat(mails(server.deferrals.claim(now(), ALL)))
        .extracting(mail -> mail.cause().domain())
        .containsExactlyInAnyOrder("a.example", "a.example", "a.example", "b.example", "b.example");
  }

  /** In rows that both change, they would otherwise wait for each other in a circle. */
  @Test
  default void serversShouldFlushTheSameDomainsAtOnceInWhateverOrder() throws Exception {
    List<String> domains = IntStream.range(0, 20).mapToObj(i -> "d" + i + ".example").toList();
    List<String> reversed = new ArrayList<>(domains);
    Collections.reverse(reversed);
    Server server = server();
    Server other = server();
    for (String domain : domains) {
      for (int i = 0; i < 2; i++) {
        put(server, mail(domain, "busy", Duration.ofHours(1)));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 8; round++) {
        Future<?> one = threads.submit(() -> flushOneByOne(server, domains));
        Future<?> two = threads.submit(() -> flushOneByOne(other, reversed));
        one.get();
        two.get();
        clock().advance(Duration.ofSeconds(1));
        for (ClaimedMail mail : server.deferrals.claim(now(), ALL)) {
          server.deferrals.release(mail, now().plus(Duration.ofHours(1)));
        }
      }
    } finally {
      threads.shutdown();
    }
    assertThat(server.deferrals.trouble()).isEmpty();
    assertThat(other.deferrals.trouble()).isEmpty();
  }

  private Void flushOneByOne(Server server, List<String> order) throws DeferralStoreException {
    Map<String, Integer> limits = new LinkedHashMap<>();
    order.forEach(domain -> limits.put(domain, 2));
    server.deferrals.flush(limits, List.of("busy"), now());
    return null;
  }

  @Test
  default void flushShouldMoveNoMoreThanToldTheNextOnesFirst() throws Exception {
    Server server = server();
    put(server, mail("a.example", Duration.ofHours(3)));
    DeferredMail next = put(server, mail("a.example", Duration.ofHours(1)));
    put(server, mail("a.example", Duration.ofHours(2)));

    assertThat(server.deferrals.flush("a.example", List.of(), now(), 1)).isEqualTo(1);

    assertThat(mails(server.deferrals.claim(now(), ALL)))
        .extracting(DeferredMail::id)
        .containsExactly(next.id());
  }

  @Test
  default void flushAllShouldTakeTheVerdictOfEveryDomainAndNoOther() throws Exception {
    Server server = server();
    DeferredMail first = put(server, mail("a.example", "policy", Duration.ofHours(1)));
    DeferredMail second = put(server, mail("b.example", "policy", Duration.ofHours(2)));
    put(server, mail("a.example", "reply", Duration.ofHours(1)));

    assertThat(server.deferrals.flushAll("policy", now(), 1)).isEqualTo(1);
    assertThat(server.deferrals.flushAll("policy", now(), 10)).isEqualTo(1);
    assertThat(server.deferrals.flushAll("policy", now(), 10)).as("due already").isZero();

    assertThat(mails(server.deferrals.claim(now(), ALL)))
        .extracting(DeferredMail::id)
        .containsExactlyInAnyOrder(first.id(), second.id());
  }

  @Test
  default void countsShouldTellDomainsAndReasonsInPages() throws Exception {
    Server server = server();
    DeferredMail first = put(server, mail("a.example", "policy", Duration.ofHours(1)));
    clock().advance(Duration.ofMinutes(1));
    put(server, mail("a.example", "policy", Duration.ofHours(1)));
    DeferredMail reply = put(server, mail("a.example", "reply", Duration.ofHours(1)));
    DeferredMail other = put(server, mail("b.example", "policy", Duration.ofHours(1)));

    assertThat(server.deferrals.counts(DeferralReason.ANY, 0, 2))
        .containsExactly(
            new DeferralCount(
                "a.example",
                "policy",
                "certificate-expired",
                2,
                72,
                first.deferredAt(),
                first.due()),
            new DeferralCount("a.example", "reply", "", 1, 36, reply.deferredAt(), reply.due()));
    assertThat(server.deferrals.counts(DeferralReason.ANY, 2, 2))
        .extracting(DeferralCount::domain)
        .containsExactly("b.example");
    assertThat(server.deferrals.waitingFor("a.example", DeferralReason.ANY, 1, 1))
        .extracting(mail -> mail.due())
        .containsExactly(reply.due());
    assertThat(server.deferrals.waitingFor("b.example", DeferralReason.ANY, 0, 10))
        .containsExactly(other);
    assertThat(server.deferrals.size()).isEqualTo(4);
  }

  @Test
  default void emptyStoreShouldHaveNothingDue() throws Exception {
    Server server = server();

    assertThat(server.deferrals.nextDue()).isEmpty();
    assertThat(server.deferrals.size()).isZero();
    assertThat(server.deferrals.counts(DeferralReason.ANY, 0, 10)).isEmpty();
    assertThat(server.deferrals.flush("a.example", List.of(), now(), 10)).isZero();
  }

  @Test
  default void storeWithoutDatabaseShouldSaySoToEverybodyAndInHealth() {
    DeferralStore store = serverWithoutDatabase().deferrals;

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.put(mail("a.example", Duration.ZERO), out -> {}))
          .isInstanceOf(DeferralStoreException.class)
          .hasMessageStartingWith("deferred mail cannot be kept: ")
          .message()
          .doesNotContain("\n");
    }

    assertThat(store.trouble().orElseThrow()).startsWith("deferred mail cannot be kept: ");
  }

  @Test
  default void mailShouldWaitOnInADatabaseThatAnEarlierVersionMade()
      throws SQLException, Exception {
    put(server(), mail("a.example", Duration.ZERO));
    sql("DELETE FROM sts_schema WHERE version > 2");

    assertThat(server().deferrals.size()).isEqualTo(1);
  }

  @Test
  default void mailsShouldBeFoundByTheirReason() throws Exception {
    Server server = server();
    DeferredMail policy = put(server, mail("a.example", "policy", Duration.ofHours(1)));
    DeferredMail reply = put(server, mail("a.example", "reply", Duration.ofHours(1)));
    DeferralReason replies = new DeferralReason(Optional.of("reply"), Optional.empty());
    DeferralReason expired =
        new DeferralReason(Optional.of("policy"), Optional.of("certificate-expired"));
    DeferralReason other = new DeferralReason(Optional.empty(), Optional.of("tlsa-invalid"));

    assertThat(server.deferrals.waitingFor("a.example", replies, 0, 10)).containsExactly(reply);
    assertThat(server.deferrals.waitingFor("a.example", expired, 0, 10)).containsExactly(policy);
    assertThat(server.deferrals.waitingFor("a.example", other, 0, 10)).isEmpty();
    assertThat(server.deferrals.counts(expired, 0, 10))
        .extracting(DeferralCount::verdict)
        .containsExactly("policy");
    assertThat(server.deferrals.counts(other, 0, 10)).isEmpty();
  }
}
