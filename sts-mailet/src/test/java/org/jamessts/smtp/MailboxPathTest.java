package org.jamessts.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jamessts.dns.InvalidDomainNameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxPathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@example.com",
        "b.o'b+tag=x!#$%&*/?^_`{|}~-@example.com",
        "bob@xn--bcher-kva.example",
        "\"two words\"@example.com",
        "\"at@home\"@example.com",
        "\"quoted \\\" pair \\\\\"@example.com",
        "\"\"@example.com",
        "bob@[192.0.2.1]",
        "bob@[IPv6:2001:db8::1]",
        "bob@localhost",
        // Not RFC 5321, but in daily use, and harmless.
        "two..dots.@example.com",
        "bob@under_score.example.com",
      })
  void parseShouldAcceptWhatSmtpCarries(String address) throws InvalidMailboxException {
    assertThat(MailboxPath.parse(address)).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "bob",
        "bob@",
        "@example.com",
        "bob@example.com\r\nDATA",
        "bob\r@example.com",
        "bob\n@example.com",
        "bob@example.com\u0000",
        "\"b\r\nob\"@example.com",
        "\"b\\\rob\"@example.com",
        "\"b\u007fob\"@example.com",
        "bob@example.com> SIZE=1",
        "<bob@example.com>",
        "b<ob@example.com",
        "b>ob@example.com",
        "b ob@example.com",
        "bob@example.com ",
        "bob@exam ple.com",
        "bob@example.com>",
        "bob@-example.com",
        "bob@example.com.",
        "bob@[192.0.2.1",
        "bob@[192.0.2.1]]",
        "bob@[a>b]",
        "\"<bob\"@example.com",
        "\"bob>\"@example.com",
        "\"bob\\>\"@example.com",
        "\"open@example.com",
        "open\"@example.com",
        "\"a\"b\"@example.com",
        "\"a\\\"@example.com",
        "@relay.example:bob@example.com",
        "bob,eve@example.com",
        "bob@a@example.com",
        "bob@b\u00fccher.example",
        "bob\u2028@example.com",
      })
  void parseShouldRefuseWhatCouldEndAPathOrACommand(String address) {
    assertThatThrownBy(() -> MailboxPath.parse(address))
        .isInstanceOf(InvalidMailboxException.class)
        .message()
        .matches("[ -~]+");
    assertThatIllegalArgumentException().isThrownBy(() -> new MailboxPath(address));
  }

  @ParameterizedTest
  @CsvSource({
    "bob@b\u00fccher.example, bob@xn--bcher-kva.example",
    "Bob@B\u00dcCHER.example, Bob@xn--bcher-kva.example",
    "bob@fa\u00df.example, bob@xn--fa-hia.example",
    "bob@b\u00fccher\u3002example, bob@xn--bcher-kva.example",
    "'\"a@b c\"@b\u00fccher.example', '\"a@b c\"@xn--bcher-kva.example'",
    "bob@\uff45\uff58ample.com, bob@example.com",
    // In ASCII, the domain stays as it was written.
    "Bob@EXAMPLE.com, Bob@EXAMPLE.com",
    "bob@under_score.example.com, bob@under_score.example.com",
    "bob@[192.0.2.1], bob@[192.0.2.1]",
  })
  void parseInternationalShouldGiveTheDomainInALabels(String address, String path)
      throws Exception {
    assertThat(MailboxPath.parseInternational(address)).hasToString(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b\u202eob@b\u00fccher.example|cannot be seen",
        "b\u2028ob@example.com|cannot be seen",
        "b\u0085ob@example.com|cannot be seen",
        "b\ud800ob@example.com|cannot be seen",
        "b\u00f6 b@example.com|neither a dot-string nor a quoted string",
        "b\u00f6b>@example.com|neither a dot-string nor a quoted string",
        "b\u00fccher.example|no local part",
        "@b\u00fccher.example|no local part",
        "b ob@b\u00fccher.example|neither a dot-string nor a quoted string",
        "bob>@b\u00fccher.example|neither a dot-string nor a quoted string",
        "bob@a@b\u00fccher.example|neither a dot-string nor a quoted string",
      })
  void parseInternationalShouldRefuseALocalPartThatIsNone(String text, String why) {
    assertThatThrownBy(() -> MailboxPath.parseInternational(text))
        .isInstanceOf(InvalidMailboxException.class)
        .message()
        .contains(why)
        .matches("[ -~]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@b\u00fccher.example>",
        "bob@b\u00fccher.example SIZE=1",
        "bob@b\u00fccher.example\r\nDATA",
        "bob@b\u00fccher\u2028.example",
        "bob@b\u00fc_cher.example",
        "bob@b\u00fccher..example",
        "bob@[b\u00fccher]",
      })
  void parseInternationalShouldRefuseADomainThatIsNoName(String address) {
    assertThatThrownBy(() -> MailboxPath.parseInternational(address))
        .isInstanceOf(InvalidDomainNameException.class)
        .message()
        .matches("[ -~]+");
  }

  /** RFC 6531 §3.3. */
  @ParameterizedTest
  @CsvSource({
    "b\u00f6b@example.com, b\u00f6b@example.com",
    "b\u00f6b@b\u00fccher.example, b\u00f6b@xn--bcher-kva.example",
    "\"b\u00f6 b\"@example.com, \"b\u00f6 b\"@example.com",
    "\ud83d\ude00@example.com, \ud83d\ude00@example.com",
  })
  void parseInternationalShouldKeepALocalPartThatNeedsSmtpUtf8(String address, String path)
      throws Exception {
    assertThat(MailboxPath.parseInternational(address))
        .hasToString(path)
        .satisfies(parsed -> assertThat(parsed.needsSmtpUtf8()).isTrue());
    assertThat(MailboxPath.parse("bob@example.com").needsSmtpUtf8()).isFalse();
    assertThatThrownBy(() -> MailboxPath.parse(address)).hasMessageContaining("SMTPUTF8");
  }

  /** The octets on the wire count, not the characters that were written. */
  @Test
  void parseInternationalShouldMeasureThePath() throws Exception {
    String domain = "@b\u00fccher.example";
    int room = 254 - "@xn--bcher-kva.example".length();

    assertThat(MailboxPath.parseInternational("a".repeat(room) + domain).value()).hasSize(254);
    assertThatThrownBy(() -> MailboxPath.parseInternational("a".repeat(room + 1) + domain))
        .isInstanceOf(InvalidMailboxException.class)
        .hasMessageContaining("longer than 254 octets");
  }

  @Test
  void parseShouldRefusePathsOfMoreThan256OctetsWithTheirBrackets() throws Exception {
    String domain = "@example.com";
    String longest = "a".repeat(254 - domain.length()) + domain;
    assertThat(MailboxPath.parse(longest).value()).hasSize(254);
    assertThatThrownBy(() -> MailboxPath.parse("a" + longest))
        .isInstanceOf(InvalidMailboxException.class);
  }

  @Test
  void envelopeShouldHaveAtLeastOneRecipient() {
    assertThatIllegalArgumentException().isThrownBy(() -> Envelope.parse("", List.of()));
  }

  @Test
  void envelopeShouldReadAnEmptyReversePathAsTheNullPath() throws Exception {
    assertThat(Envelope.parse("", List.of("bob@example.com")).reversePath()).isEmpty();
  }
}
