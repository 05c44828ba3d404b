package org.jamessts.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jamessts.smtp.Credentials;
import org.jamessts.smtp.Secret;

/** Where the credentials for the gateways come from, each time that they are used. */
sealed interface CredentialSource {

  /**
   * The credentials as they are now.
   *
   * @throws IOException when they cannot be had: the message says why, and holds no secret
   */
  Credentials read() throws IOException;

  /**
   * A password that stands in the configuration.
   *
   * @param username without control characters
   * @param password without control characters
   */
  record FixedPassword(String username, Secret password) implements CredentialSource {
    @Override
    public Credentials read() {
      return new Credentials.Password(username, password);
    }
  }

  /**
   * A file whose only content is an access token. Tokens live for an hour or so and somebody else
   * renews them, so the file is read anew each time.
   *
   * @param username without control characters
   * @param file absolute
   */
  record TokenFile(String username, Path file) implements CredentialSource {

    /** Octets; in Base64 it must fit into a line of AUTH (RFC 4954 §4). */
    static final int MAX_OCTETS = 8 * 1024;

    // RFC 6750 §2.1.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]++=*+");

    @Override
    public Credentials read() throws IOException {
      byte[] octets;
      try (InputStream in = Files.newInputStream(file)) {
        octets = in.readNBytes(MAX_OCTETS + 1);
      } catch (IOException e) {
        throw new IOException("the token file cannot be read: " + e, e);
      }
      if (octets.length > MAX_OCTETS) {
        throw new IOException(file + " has more than " + MAX_OCTETS + " octets");
      }
      String token = new String(octets, StandardCharsets.ISO_8859_1).strip();
      if (token.isEmpty()) {
        throw new IOException(file + " is empty");
      }
      if (!TOKEN.matcher(token).matches()) {
        throw new IOException(file + " holds something else than one token");
      }
      return new Credentials.BearerToken(username, Secret.of(token));
    }
  }
}
