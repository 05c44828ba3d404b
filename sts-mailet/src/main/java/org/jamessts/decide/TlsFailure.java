package org.jamessts.decide;

import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.ResultType;

/** Puts the failure to get TLS at all into words; certificates are another matter. */
final class TlsFailure {

  private TlsFailure() {}

  /** What is wrong with a channel, or nothing when it is encrypted. */
  static Optional<Finding> of(DomainName mxHost, Channel channel) {
    if (channel instanceof Channel.Refused refused) {
      return finding(
          ResultType.STARTTLS_NOT_SUPPORTED,
          FailureCode.STARTTLS_MISSING,
          mxHost + " refuses STARTTLS: " + refused.reply());
    }
    if (channel instanceof Channel.HandshakeFailed failed) {
      return finding(
          ResultType.VALIDATION_FAILURE,
          FailureCode.TLS_FAILED,
          mxHost + " TLS handshake failed: " + failed.detail());
    }
    if (channel instanceof Channel.NotOffered) {
      return finding(
          ResultType.STARTTLS_NOT_SUPPORTED,
          FailureCode.STARTTLS_MISSING,
          mxHost + " does not offer STARTTLS");
    }
    return Optional.empty();
  }

  private static Optional<Finding> finding(ResultType type, FailureCode code, String explanation) {
    return Optional.of(new Finding(type, code, explanation));
  }
}
