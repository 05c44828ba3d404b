package org.jamessts.guice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.core.healthcheck.ResultStatus;
import org.jamessts.dns.DomainName;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementSwitch;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.Minimum;
import org.jamessts.override.OverrideParse;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.settings.StsSettings;
import org.jamessts.store.Stores;
import org.jamessts.testing.SettableClock;
import org.jamessts.testing.TemporaryStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** The files of the operator: at the start, and while the server runs. */
class OperatorFilesTest {

  private static final DomainName DOMAIN = new DomainName("example.test");

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private final TemporaryStores temporary = new TemporaryStores(10, clock);
  private final Stores stores = temporary.stores();
  private Path overrides;
  private Path list;
  private Path publicKey;

  @BeforeEach
  void paths() {
    overrides = directory.resolve("sts-overrides.json");
    list = directory.resolve("policy.json");
    publicKey = directory.resolve("list.pub");
  }

  @AfterEach
  void close() {
    temporary.close();
  }

  private OperatorFiles open() {
    return open(new StsSettings.Files(overrides, Optional.empty(), Optional.empty()));
  }

  private OperatorFiles openWithList(boolean signed) {
    return open(
        new StsSettings.Files(
            overrides, Optional.of(list), signed ? Optional.of(publicKey) : Optional.empty()));
  }

  private OperatorFiles open(StsSettings.Files files) {
    return OperatorFiles.open(files, stores.overrides(), clock);
  }

  private void writeOverrides(String... items) throws IOException {
    write(overrides, "{\"overrides\": [" + String.join(", ", items) + "]}");
  }

  /** As an operator should: another file, renamed. */
  private void write(Path file, String text) throws IOException {
    Path next = Files.writeString(directory.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String minimum(String minimum) {
    return "{\"domain\": \"example.test\", \"minimum\": \"" + minimum + "\"}";
  }

  private String list(Duration age, String... domains) {
    StringBuilder policies = new StringBuilder();
    for (String domain : domains) {
      policies.append(policies.isEmpty() ? "" : ", ");
      policies.append(
          "\"%1$s\": {\"mode\": \"enforce\", \"mxs\": [\"mx.%1$s\"]}".formatted(domain));
    }
    return "{\"version\": \"0.1\", \"timestamp\": \"%s\", \"expires\": \"%s\", \"policies\": {%s}}"
        .formatted(clock.instant().minus(age), clock.instant().plus(Duration.ofDays(7)), policies);
  }

  private Optional<Minimum> minimum(OperatorFiles files) {
    return files.overrides().find(DOMAIN, clock.instant()).stream()
        .flatMap(override -> override.minimum().stream())
        .findFirst();
  }

  private Optional<String> preloaded(OperatorFiles files, String domain) {
    return files
        .preloads()
        .find(new DomainName(domain), clock.instant())
        .map(KnownMtaStsPolicy::describe);
  }

  private EnforcementSwitch enforcement() {
    return EnforcementSwitch.open(
        Enforcement.ENFORCE,
        stores.enforcement(),
        directory.resolve("enforcement.copy"),
        clock,
        () -> {});
  }

  private Result health(OperatorFiles files) {
    return Mono.from(new StsHealthCheck(enforcement(), stores.policies(), files).check())
        .blockOptional()
        .orElseThrow();
  }

  private void assertHealthy(OperatorFiles files) {
    assertThat(health(files).getStatus()).isEqualTo(ResultStatus.HEALTHY);
  }

  private void assertDegraded(OperatorFiles files, String... words) {
    assertThat(health(files).getStatus()).isEqualTo(ResultStatus.DEGRADED);
    assertThat(health(files).getCause().orElseThrow()).contains(words);
  }

  @Test
  void nothingShouldBeSaidWithoutFiles() {
    OperatorFiles files = open();

    files.lookAgain();

    assertThat(minimum(files)).isEmpty();
    assertThat(preloaded(files, "example.test")).isEmpty();
    assertHealthy(files);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"overrides": [{"domain": "a.test", "minimum": "none"}]}  | minimum | none | require-tls
          {"overrides": [{"domain": "a_b", "minimum": "verified"}]} | domain  | a_b  | is not a domain name
          {"overrides": [{"domain": "a.test", "exempt": ["x"]}]}    | exempt  | x    | certificate-expired
          {"overides": []}                                          | overides | overides | overrides
          """)
  void badOverrideFileShouldStopTheStartInOneLine(
      String text, String place, String value, String allowed) throws IOException {
    write(overrides, text);

    assertThatThrownBy(this::open)
        .hasMessageStartingWith("override file " + overrides + ": ")
        .message()
        .contains(place, value, allowed)
        .doesNotContain("\n");
  }

  @Test
  void badPreloadListShouldStopTheStartInOneLine() throws IOException {
    write(list, list(Duration.ZERO, "example.test").replace("enforce", "enforced"));

    assertThatThrownBy(() -> openWithList(false))
        .hasMessageStartingWith(
            "sts.properties: preload.list = \"" + list + "\" is not allowed; allowed is a list to")
        .message()
        .contains("mode", "enforced", "testing")
        .doesNotContain("\n");
  }

  @Test
  void listWithoutItsSignatureShouldStopTheStart() throws Exception {
    write(list, list(Duration.ZERO, "example.test"));
    writeKey(keys());

    assertThatThrownBy(() -> openWithList(true))
        .hasMessageStartingWith("sts.properties: preload.list = ")
        .message()
        .contains("policy.json.sig")
        .doesNotContain("\n");
  }

  @Test
  void keyThatIsNoneShouldStopTheStart() throws IOException {
    write(list, list(Duration.ZERO, "example.test"));
    write(publicKey, "-----BEGIN CERTIFICATE-----\n");

    assertThatThrownBy(() -> openWithList(true))
        .hasMessageStartingWith(
            "sts.properties: preload.publicKey = \""
                + publicKey
                + "\" is not allowed; allowed is a"
                + " public key: ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void signedListShouldBeBelieved() throws Exception {
    KeyPair keys = keys();
    String text = list(Duration.ZERO, "example.test");
    write(list, text);
    writeKey(keys);
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    Files.write(directory.resolve("policy.json.sig"), signature.sign());

    OperatorFiles files = openWithList(true);

    assertThat(preloaded(files, "example.test")).contains("preload list (enforce) example.test");
    assertHealthy(files);
  }

  @Test
  void changedOverridesShouldBeTakenUp() throws IOException {
    writeOverrides(minimum("require-tls"));
    OperatorFiles files = open();
    assertThat(minimum(files)).contains(Minimum.REQUIRE_TLS);

    writeOverrides(minimum("verified"));
    files.lookAgain();
    assertThat(minimum(files)).contains(Minimum.VERIFIED);

    writeOverrides(minimum("nonsense"));
    files.lookAgain();
    assertThat(minimum(files)).as("what it said before stays").contains(Minimum.VERIFIED);
    assertDegraded(files, "override file " + overrides, "nonsense", "what it said before stays");

    writeOverrides();
    files.lookAgain();
    assertThat(minimum(files)).isEmpty();
    assertHealthy(files);
  }

  @Test
  void overrideFileShouldBeTakenUpWhenItIsMadeAfterTheStart() throws IOException {
    OperatorFiles files = open();

    writeOverrides(minimum("verified"));
    files.lookAgain();

    assertThat(minimum(files)).contains(Minimum.VERIFIED);
    assertHealthy(files);
  }

  @Test
  void overridesShouldHoldWhenTheirFileIsGone() throws IOException {
    writeOverrides(minimum("verified"));
    OperatorFiles files = open();

    Files.delete(overrides);
    files.lookAgain();

    assertThat(minimum(files)).contains(Minimum.VERIFIED);
    assertDegraded(files, "it does not exist");
  }

  @Test
  void overridesOfAnotherServerShouldBeTakenUp() throws IOException {
    OperatorFiles files = open();
    OperatorFiles other = open();
    other
        .overrides()
        .put(
            ((OverrideParse.Parsed)
                    DomainOverride.parse(minimum("verified").getBytes(StandardCharsets.UTF_8)))
                .override(),
            "another server");

    files.lookAgain();

    assertThat(minimum(files)).contains(Minimum.VERIFIED);
  }

  @Test
  void changedListShouldBeTakenUpAndADamagedOneRefused() throws IOException {
    write(list, list(Duration.ofHours(2), "one.test"));
    OperatorFiles files = openWithList(false);
    assertThat(preloaded(files, "one.test")).contains("preload list (enforce) one.test");

    write(list, list(Duration.ofHours(1), "one.test", "two.test"));
    files.lookAgain();
    assertThat(preloaded(files, "two.test")).contains("preload list (enforce) two.test");
    assertHealthy(files);

    write(list, list(Duration.ofHours(3)));
    files.lookAgain();
    assertThat(preloaded(files, "two.test")).as("an older list is refused").isPresent();
    assertDegraded(files, list.toString());

    write(list, "{");
    writeOverrides("{}");
    files.lookAgain();
    assertThat(preloaded(files, "two.test")).isPresent();
    assertDegraded(files, list.toString(), overrides.toString());

    clock.advance(Duration.ofDays(8));
    assertThat(preloaded(files, "two.test")).as("it has expired").isEmpty();
  }

  @Test
  void listedPolicyShouldHoldAsLongAsItsList() throws IOException {
    write(list, list(Duration.ofHours(1), "one.test"));
    KnownMtaStsPolicy policy =
        openWithList(false)
            .preloads()
            .find(new DomainName("one.test"), clock.instant())
            .orElseThrow();

    assertThat(policy.fetchedAt()).isEqualTo(clock.instant().minus(Duration.ofHours(1)));
    assertThat(policy.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofDays(7)));
    assertThat(policy.text()).contains("mode enforce", "mx.one.test");
    assertThat(policy.mx()).extracting(Object::toString).isEqualTo(List.of("mx.one.test"));
  }

  private static KeyPair keys() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private void writeKey(KeyPair keys) throws IOException {
    String key = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
    write(publicKey, "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n");
  }
}
