package org.jamessts.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The mechanisms of AUTH that this client has: what each sends, before Base64. */
enum SaslMechanism {
  /** RFC 4616: nobody to act for, the user, the password. */
  PLAIN(true) {
    @Override
    List<String> responses(Credentials credentials) {
      return List.of("\0" + credentials.username() + "\0" + credentials.secret().reveal());
    }
  },

  /** Never standardized, but all that some servers have: the name and the password, in turn. */
  LOGIN(false) {
    @Override
    List<String> responses(Credentials credentials) {
      return List.of(credentials.username(), credentials.secret().reveal());
    }
  },

  /** Of Google and Microsoft, for tokens; after a refusal the server waits for an empty line. */
  XOAUTH2(true) {
    @Override
    List<String> responses(Credentials credentials) {
      return List.of(
          "user="
              + credentials.username()
              + "\1auth=Bearer "
              + credentials.secret().reveal()
              + "\1\1");
    }
  };

  private final boolean clientFirst;

  SaslMechanism(boolean clientFirst) {
    this.clientFirst = clientFirst;
  }

  /** What to answer to each challenge, in turn. */
  abstract List<String> responses(Credentials credentials);

  /** Whether the first response may stand in the AUTH command (RFC 4954 §4). */
  boolean isClientFirst() {
    return clientFirst;
  }

  /**
   * The strongest mechanism that both sides have.
   *
   * @param credentials a token goes by XOAUTH2 only
   * @param offered what the server has, in capital letters
   */
  static Optional<SaslMechanism> choose(Credentials credentials, Set<String> offered) {
    List<SaslMechanism> ours =
        credentials instanceof Credentials.BearerToken ? List.of(XOAUTH2) : List.of(PLAIN, LOGIN);
    return ours.stream().filter(mechanism -> offered.contains(mechanism.name())).findFirst();
  }

  /** The longest text that a response may have in the 12288 octets of its line (RFC 4954 §4). */
  static boolean fits(String response) {
    return response.getBytes(UTF_8).length <= (12_288 - 2) / 4 * 3;
  }
}
