package org.jamessts.tlsrpt.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;

/**
 * Short names of policies and failures, equal for what is equal: the keys of their rows. Half of a
 * SHA-256: whoever finds two with one name has spoilt the report of his own domain.
 */
final class Digests {

  private static final int OCTETS = 16;

  private final MessageDigest sha;

  private Digests() {
    try {
      this.sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JRE has SHA-256", e);
    }
  }

  static String of(AppliedPolicy policy) {
    return new Digests()
        .with(policy.type().name())
        .with(policy.tlsaBase().map(DomainName::value).orElse(""))
        .with(policy.policyString())
        .with(policy.mxHost())
        .value();
  }

  static String of(SessionFailure failure) {
    SessionPeers peers = failure.peers();
    return new Digests()
        .with(failure.type().name())
        .with(peers.sendingIp().map(ip -> ip.getAddress()).orElse(new byte[0]))
        .with(peers.receivingMx().map(DomainName::value).orElse(""))
        .with(peers.receivingIp().map(ip -> ip.getAddress()).orElse(new byte[0]))
        .with(peers.receivingHelo().orElse(""))
        .with(failure.reason())
        .value();
  }

  private Digests with(List<String> texts) {
    sha.update(length(texts.size()));
    texts.forEach(this::with);
    return this;
  }

  private Digests with(String text) {
    return with(text.getBytes(UTF_8));
  }

  /** With its length: no two lists of parts run together to the same octets. */
  private Digests with(byte[] part) {
    sha.update(length(part.length));
    sha.update(part);
    return this;
  }

  private static byte[] length(int length) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(length).array();
  }

  private String value() {
    return HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), OCTETS));
  }
}
