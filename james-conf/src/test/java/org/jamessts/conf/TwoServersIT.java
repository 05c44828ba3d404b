package org.jamessts.conf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jamessts.harness.CountedDay;
import org.jamessts.harness.DkimKey;
import org.jamessts.harness.Installation;
import org.jamessts.harness.JamesLauncher;
import org.jamessts.harness.JamesProcess;
import org.jamessts.harness.ReportAttachment;
import org.jamessts.store.PostgresServer;
import org.jamessts.store.TestPostgres;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.SmtpEffect;
import org.jamessts.tlsrpt.receive.ReceivedReport;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.receive.UnreadableReportException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers that share one PostgreSQL: the reports of a day that both have counted, and the mail
 * that both have deferred, with both alive and with one killed. What came of it is read at those
 * who receive.
 */
class TwoServersIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So long nothing more may come when all has: several times what a server needs to send it. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final DkimKey KEY = DkimKey.create("ours.test");
  private static final String REPORTS_MX = "mx.reports.test";
  private static final String COLLECTOR = "collector.test";

  /** How the two greet, by which receivers tell them apart. */
  private static final String ONE = "one.ours.test";

  private static final String OTHER = "other.ours.test";

  /** Deferred mail is tried twice within seconds, and then waits until somebody asks for it. */
  private static final String ONCE_AGAIN_SOON = "3 seconds, 4 hours";

  static TestPostgres postgres;

  @TempDir Path directory;
  final PrivateInternet internet = new PrivateInternet();

  @BeforeAll
  static void startDatabase() throws IOException {
    postgres = TestPostgres.start();
  }

  @AfterAll
  static void stopDatabase() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void prepare() throws SQLException {
    postgres.empty();
    internet.dns().txt(KEY.recordName(), KEY.recordStrings());
    internet.goodMx("reports.test", 10, REPORTS_MX);
    internet.reportHost(COLLECTOR);
  }

  @AfterEach
  void close() {
    internet.close();
  }

  /**
   * A server on the common database.
   *
   * @param name how it greets
   * @param delays of mail that waits
   */
  private JamesProcess start(String name, String delays) throws Exception {
    PostgresServer store = postgres.place();
    Path home = directory.resolve(name);
    JamesLauncher launcher =
        Installation.ofBuild(Path.of(""))
            .assemble(home, internet)
            .edit(
                "sts.properties",
                text ->
                    text
                        + """
                        store.url=%s
                        store.user=%s
                        store.password=%s
                        reports.organization=Ourselves
                        reports.contact=tls-reports@ours.test
                        # one of the hosts below is slow to answer
                        policy.fetchTimeout=300 s
                        """
                            .formatted(store.url(), store.user(), store.password()))
            .edit(
                "mailetcontainer.xml",
                text ->
                    KEY.signing(text)
                        .replaceFirst(
                            "<delayTime>.*</delayTime>",
                            "<delayTime>%s</delayTime><heloName>%s</heloName>"
                                .formatted(delays, name)));
    KEY.write(home.resolve("conf/dkim.pem"));
    return launcher.start();
  }

  private JamesProcess start(String name) throws Exception {
    return start(name, ONCE_AGAIN_SOON);
  }

  // Reports

  private void wantsReports(String domain, String rua) {
    internet.policy(domain, "enforce", "mx." + domain);
    internet.goodMx(domain, 10, "mx." + domain);
    internet.dns().txt("_smtp._tls." + domain, "v=TLSRPTv1; rua=" + rua);
  }

  private static List<String> domains(String kind, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> kind + i + ".test").toList();
  }

  private List<String> domainsThatWantMail(int count) {
    List<String> domains = domains("mail", count);
    domains.forEach(domain -> wantsReports(domain, "mailto:" + domain + "@reports.test"));
    return domains;
  }

  private List<String> domainsThatWantPosts(int count) {
    List<String> domains = domains("https", count);
    domains.forEach(domain -> wantsReports(domain, resource(domain)));
    return domains;
  }

  private String resource(String domain) {
    return "https://%s:%d%s".formatted(COLLECTOR, internet.policyPort(), path(domain));
  }

  private static String path(String domain) {
    return "/" + domain;
  }

  private static List<String> both(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** One session with each domain, which is in the store when this returns. */
  private static void haveSessions(JamesProcess james, List<String> domains) throws Exception {
    TestMail.submit(james, domains.stream().map(domain -> "bob@" + domain).toArray(String[]::new));
    for (String domain : domains) {
      james
          .log()
          .awaitLine(Pattern.compile("outcome=delivered recipients=\\[bob@" + domain), PATIENCE);
    }
    assertThat(james.get("/sts/sessions")).contains(domains);
  }

  /**
   * Today becomes yesterday, before anybody looks.
   *
   * @param later SQL, when reports are due after now, by the {@code number} of their domain
   */
  private static LocalDate becomeYesterday(String later) throws SQLException {
    try (Connection store = postgres.connect();
        Statement statement = store.createStatement()) {
      store.setAutoCommit(false);
      LocalDate day = CountedDay.becomeYesterday(store);
      statement.execute(
          "UPDATE sts_report SET due_at = due_at + "
              + later.replace("number", "substring(domain FROM '[0-9]+')::integer"));
      store.commit();
      return day;
    }
  }

  private static void sendNow(JamesProcess james, LocalDate day, String more) throws IOException {
    assertThat(james.send("POST", "/sts/reports/" + day + "?action=send" + more, ""))
        .isEqualTo(201);
  }

  private static void awaitSent(JamesProcess james, LocalDate day, int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> james.get("/sts/reports/" + day + "/counts"),
            counts -> counts.contains("\"sent\":" + count));
  }

  /**
   * A report that somebody has accepted.
   *
   * @param file as it came, one character an octet
   */
  private record Arrived(ReceivedReport report, String file) {
    static Arrived of(byte[] file) {
      try {
        return new Arrived(ReportReader.read(file), new String(file, ISO_8859_1));
      } catch (UnreadableReportException e) {
        throw new AssertionError(e.reason(), e);
      }
    }

    String domain() {
      return report.policies().get(0).policyDomain().orElseThrow();
    }
  }

  private List<ReceivedMail> reportMails() {
    return internet.server(REPORTS_MX).transactions();
  }

  /** All reports that came to anybody, by the domain that they are about. */
  private Map<String, List<Arrived>> reports() {
    Stream<byte[]> mailed = reportMails().stream().map(mail -> ReportAttachment.of(mail).octets());
    Stream<byte[]> posted =
        internet.requestsOf(COLLECTOR).stream().map(request -> request.body().getBytes(ISO_8859_1));
    return Stream.concat(mailed, posted)
        .map(Arrived::of)
        .collect(Collectors.groupingBy(Arrived::domain, TreeMap::new, Collectors.toList()));
  }

  /** How often the report about each domain came. */
  private static Map<String, Integer> times(Map<String, List<Arrived>> reports) {
    Map<String, Integer> times = new TreeMap<>();
    reports.forEach((domain, arrived) -> times.put(domain, arrived.size()));
    return times;
  }

  private static Map<String, Integer> once(List<String> domains) {
    Map<String, Integer> times = new TreeMap<>();
    domains.forEach(domain -> times.put(domain, 1));
    return times;
  }

  private int arrived() {
    return reports().values().stream().mapToInt(List::size).sum();
  }

  private void awaitReports(int count) {
    await().atMost(PATIENCE).until(() -> arrived() >= count);
  }

  private static void assertSameIdAsInStore(
      JamesProcess james, LocalDate day, Map<String, List<Arrived>> reports) throws IOException {
    String stored = james.get("/sts/reports/" + day);
    reports.forEach(
        (domain, arrived) ->
            assertThat(stored)
                .contains(
                    "\"domain\":\"%s\",\"reportId\":\"%s\",\"state\":\"sent\""
                        .formatted(domain, arrived.get(0).report().reportId())));
  }

  /** Due at four moments, at each of which both servers wake. */
  @Test
  void reportOfWhatBothHaveCountedShouldArriveOnce() throws Exception {
    List<String> domains = both(domainsThatWantMail(8), domainsThatWantPosts(8));
    try (JamesProcess one = start(ONE);
        JamesProcess other = start(OTHER)) {
      haveSessions(one, domains);
      haveSessions(other, domains);
      LocalDate day = becomeYesterday("(1 + number % 4) * INTERVAL '3 seconds'");
      sendNow(one, day, "&domain=" + domains.get(0));
      sendNow(other, day, "&domain=" + domains.get(0));

      awaitSent(other, day, domains.size());
      awaitReports(domains.size());
      Thread.sleep(QUIET.toMillis());
      Map<String, List<Arrived>> reports = reports();

      assertThat(times(reports)).isEqualTo(once(domains));
      assertThat(reports.values())
          .extracting(arrived -> arrived.get(0).report())
          .as("one session of each server")
          .allSatisfy(report -> assertThat(report.successfulSessions()).isEqualTo(2))
          .allSatisfy(report -> assertThat(report.failedSessions()).isZero())
          .extracting(ReceivedReport::reportId)
          .doesNotHaveDuplicates();
      assertSameIdAsInStore(one, day, reports);
      System.out.println(
          "reports by mail from "
              + reportMails().stream()
                  .collect(Collectors.groupingBy(ReceivedMail::ehloName, Collectors.counting())));
    }
  }

  /**
   * Of nine reports one server has sent five, waits for the answer of who has got the sixth, and
   * has claimed the last three with it, when it is killed.
   */
  @Test
  void reportWhoseAnswerAKilledServerDidNotSeeShouldComeAgainFromTheOther() throws Exception {
    String held = "https9.test";
    List<String> others = both(domainsThatWantMail(4), domainsThatWantPosts(4));
    wantsReports(held, resource(held));
    internet.reportHost(COLLECTOR, Map.of(path(held), new PolicyHostEffect.Hang()));
    int before = 5;
    try (JamesProcess killed = start(ONE)) {
      haveSessions(killed, both(others, List.of(held)));
      LocalDate day = becomeYesterday("(10 - number) * INTERVAL '1 ms'");
      sendNow(killed, day, "");
      awaitSent(killed, day, before);
      awaitReports(before + 1);
      assertThat(reports()).containsKey(held);
      try (JamesProcess survivor = start(OTHER)) {
        killed.kill();
        internet.reportHost(COLLECTOR);
        sendNow(survivor, day, "");
        Thread.sleep(QUIET.toMillis());
        assertThat(arrived())
            .as("while the claims of the killed server stand")
            .isEqualTo(before + 1);
        Set<String> sentByKilled = new TreeSet<>(reports().keySet());

        endClaims();
        awaitSent(survivor, day, others.size() + 1);
        awaitReports(others.size() + 2);
        Thread.sleep(QUIET.toMillis());
        Map<String, List<Arrived>> reports = reports();

        Map<String, Integer> expected = once(others);
        expected.put(held, 2);
        assertThat(times(reports)).isEqualTo(expected);
        assertThat(reports.getOrDefault(held, List.of()).stream().map(Arrived::file).distinct())
            .as("the same octets, with the same id")
            .hasSize(1);
        assertThat(reportMails())
            .allSatisfy(
                mail ->
                    assertThat(mail.ehloName())
                        .isEqualTo(
                            sentByKilled.contains(mail.recipients().get(0).split("@", 2)[0])
                                ? ONE
                                : OTHER));
        assertSameIdAsInStore(survivor, day, reports);
      }
    }
  }

  /** As if the three minutes of a claim were over, which are not a setting. */
  private static void endClaims() throws SQLException {
    try (Connection store = postgres.connect();
        Statement statement = store.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE sts_report SET due_at = due_at - INTERVAL '3 minutes'"
                      + " WHERE claim IS NOT NULL"
                      + " AND due_at BETWEEN CURRENT_TIMESTAMP"
                      + " AND CURRENT_TIMESTAMP + INTERVAL '3 minutes'"))
          .as("claims of the killed server")
          .isEqualTo(4);
    }
  }

  // Deferred mail

  private static final String DOWN = "down.test";
  private static final String DOWN_MX = "mx.down.test";

  /** How often each recipient was asked for while the host was down. */
  private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

  private void goDown() {
    internet.goodMx(DOWN, 10, DOWN_MX);
    internet
        .server(DOWN_MX)
        .effects(
            new SmtpEffect.ReplyToRecipient(
                recipient -> {
                  attempts.merge(recipient, 1, Integer::sum);
                  return true;
                },
                "451 4.3.0 down"));
  }

  private static List<String> submit(JamesProcess james, String name, int count)
      throws IOException {
    List<String> recipients =
        IntStream.rangeClosed(1, count).mapToObj(i -> name + i + "@" + DOWN).toList();
    for (String recipient : recipients) {
      TestMail.submit(james, recipient);
    }
    return recipients;
  }

  private void awaitAttempts(List<String> recipients, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(recipients)
                    .allSatisfy(
                        recipient ->
                            assertThat(attempts.getOrDefault(recipient, 0))
                                .isGreaterThanOrEqualTo(count)));
  }

  private static void awaitStored(JamesProcess james, int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> james.get("/sts/deferred"),
            deferred -> deferred.contains("\"mails\":" + count + ","));
  }

  private void assertArriveOnce(List<String> recipients) throws InterruptedException {
    internet.server(DOWN_MX).awaitMails(recipients.size(), PATIENCE);
    Thread.sleep(QUIET.toMillis());
    assertThat(internet.server(DOWN_MX).transactions().stream().map(ReceivedMail::recipients))
        .flatMap(each -> each)
        .containsExactlyInAnyOrderElementsOf(recipients);
  }

  /** Both have mail that is due at about the same time, so that both wake for it. */
  @Test
  void deferredMailShouldBeTriedByOneOnlyWhenDueAndWhenTheOtherIsToldTo() throws Exception {
    goDown();
    try (JamesProcess one = start(ONE);
        JamesProcess other = start(OTHER)) {
      List<String> ofOne = submit(one, "a", 6);
      List<String> all = both(ofOne, submit(other, "b", 6));
      awaitAttempts(all, 2);
      Thread.sleep(QUIET.toMillis());
      assertThat(attempts).containsOnlyKeys(all);
      assertThat(attempts.values()).as("the first attempt, and one retry").containsOnly(2);
      awaitStored(other, all.size());

      internet.server(DOWN_MX).effects();
      assertThat(other.send("POST", "/sts/deferred?action=flush&domain=" + DOWN, ""))
          .isEqualTo(200);

      assertArriveOnce(all);
      assertThat(one.get("/sts/deferred")).isEqualTo("[]");
      System.out.println(
          "deferred mail from "
              + internet.server(DOWN_MX).mails().stream()
                  .collect(Collectors.groupingBy(ReceivedMail::ehloName, Collectors.counting())));
    }
  }

  /** By itself, when it is due. */
  @Test
  void mailThatAKilledServerHasDeferredShouldBeDeliveredByTheOther() throws Exception {
    goDown();
    try (JamesProcess killed = start(ONE, "20 seconds");
        JamesProcess survivor = start(OTHER, "20 seconds")) {
      List<String> recipients = submit(killed, "a", 3);
      awaitAttempts(recipients, 1);
      awaitStored(killed, recipients.size());
      killed.kill();
      internet.server(DOWN_MX).effects();

      assertArriveOnce(recipients);
      assertThat(internet.server(DOWN_MX).mails())
          .allSatisfy(mail -> assertThat(mail.ehloName()).isEqualTo(OTHER));
      assertThat(survivor.get("/sts/deferred")).isEqualTo("[]");
    }
  }
}
