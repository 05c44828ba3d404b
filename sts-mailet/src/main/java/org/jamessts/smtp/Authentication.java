package org.jamessts.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.smtp.SmtpException.Kind;

/**
 * One AUTH exchange (RFC 4954 §4). No failure quotes what was sent: a reply that repeats any of it
 * loses its words.
 */
final class Authentication {

  private static final String STEP = "AUTH";
  private static final int SUCCEEDED = 235;
  private static final int CHALLENGE = 334;

  /** RFC 4954 §4: a longer command leaves its initial response to the first challenge. */
  private static final int MAX_COMMAND = 512 - 2;

  private static final int MAX_SHOWN = 300;

  private final Wire wire;
  private final SmtpTimeouts timeouts;
  private final SaslMechanism mechanism;
  private final List<String> responses;
  private final SpokenSecrets spoken;

  /** What the server had to say before it refused; of use with XOAUTH2. */
  private Optional<String> explained = Optional.empty();

  Authentication(
      Wire wire, SmtpTimeouts timeouts, SaslMechanism mechanism, Credentials credentials) {
    this.wire = wire;
    this.timeouts = timeouts;
    this.mechanism = mechanism;
    List<String> plain = mechanism.responses(credentials);
    this.responses =
        plain.stream()
            .map(text -> Base64.getEncoder().encodeToString(text.getBytes(UTF_8)))
            .toList();
    this.spoken =
        SpokenSecrets.of(
            Stream.concat(responses.stream(), Stream.of(credentials.secret().reveal())).toList());
    if (!plain.stream().allMatch(SaslMechanism::fits)) {
      throw new IllegalArgumentException("credentials longer than AUTH carries");
    }
  }

  /**
   * Runs it.
   *
   * @throws SmtpException when the server does not accept the credentials, or breaks off
   */
  void run() throws SmtpException {
    Iterator<String> unsent = new ArrayList<>(responses).iterator();
    SmtpReply reply = begin(unsent);
    while (reply.code() == CHALLENGE) {
      if (unsent.hasNext()) {
        reply = say(unsent.next());
      } else {
        reply = endChallenge(reply);
      }
    }
    if (reply.isTransient() || reply.isPermanent()) {
      String what = "AUTH " + mechanism + explained.map(words -> " (" + words + ")").orElse("");
      throw SmtpException.refused(Kind.AUTH_REFUSED, what + " refused", spoken.without(reply));
    }
    if (reply.code() != SUCCEEDED) {
      throw unexpected(reply);
    }
  }

  private SmtpReply begin(Iterator<String> unsent) throws SmtpException {
    String command = STEP + " " + mechanism;
    if (mechanism.isClientFirst()
        && command.length() + 1 + responses.get(0).length() <= MAX_COMMAND) {
      return say(command + " " + unsent.next());
    }
    return say(command);
  }

  /** A challenge when all is said: XOAUTH2 tells there what is wrong; else it makes no sense. */
  private SmtpReply endChallenge(SmtpReply challenge) throws SmtpException {
    if (mechanism == SaslMechanism.XOAUTH2 && explained.isEmpty()) {
      explained = Optional.of(decoded(challenge));
      return say("");
    }
    // RFC 4954 §4: a client that wants to end it says so.
    SmtpReply end = say("*");
    if (end.code() != CHALLENGE && !end.isPositive()) {
      throw SmtpException.of(
          Kind.PROTOCOL, "AUTH " + mechanism + ": a challenge too many; cancelled");
    }
    throw unexpected(end);
  }

  private String decoded(SmtpReply challenge) {
    try {
      byte[] octets = Base64.getDecoder().decode(String.join("", challenge.lines()).strip());
      return spoken.without(PrintableText.of(new String(octets, UTF_8), MAX_SHOWN));
    } catch (IllegalArgumentException e) {
      return "a challenge that is not in Base64";
    }
  }

  private SmtpReply say(String line) throws SmtpException {
    return wire.exchange(STEP, line, timeouts.mail());
  }

  private SmtpException unexpected(SmtpReply reply) {
    wire.abort();
    return SmtpException.of(
        Kind.PROTOCOL,
        STEP + ": a reply that has no place here: " + spoken.without(reply).asText());
  }
}
