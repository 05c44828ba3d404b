package org.jamessts.decide;

import org.jamessts.override.FailureKind;
import org.jamessts.tlsrpt.ResultType;

/**
 * Something that is wrong with a host or its channel, whether or not it stops the mail.
 *
 * @param kind what is wrong
 * @param why rule, evidence, freshness and remedy
 */
public record Finding(FailureKind kind, Explanation why) {

  /** What a report calls it (RFC 8460 §4.3, draft -00 §4). */
  public ResultType type() {
    return switch (kind) {
      // RFC 8460 has no type of its own for these; validation-failure with a reason is usual.
      case MX_MISMATCH, TLS_HANDSHAKE_FAILED -> ResultType.VALIDATION_FAILURE;
      case STARTTLS_NOT_SUPPORTED -> ResultType.STARTTLS_NOT_SUPPORTED;
      case CERTIFICATE_NOT_TRUSTED -> ResultType.CERTIFICATE_NOT_TRUSTED;
      case CERTIFICATE_EXPIRED -> ResultType.CERTIFICATE_EXPIRED;
      case CERTIFICATE_HOST_MISMATCH -> ResultType.CERTIFICATE_HOST_MISMATCH;
      case TLSA_INVALID -> ResultType.TLSA_INVALID;
      case DNSSEC_INVALID -> ResultType.DNSSEC_INVALID;
      case DANE_REQUIRED -> ResultType.DANE_REQUIRED;
      case VALIDATION_METHOD_NOT_SUPPORTED -> ResultType.SENDER_DOES_NOT_SUPPORT_VALIDATION_METHOD;
    };
  }

  /** What a sender is told if the mail is stopped. */
  public FailureCode code() {
    return switch (kind) {
      case MX_MISMATCH -> FailureCode.STS_MX_MISMATCH;
      case STARTTLS_NOT_SUPPORTED -> FailureCode.STARTTLS_MISSING;
      case TLS_HANDSHAKE_FAILED,
          CERTIFICATE_NOT_TRUSTED,
          CERTIFICATE_EXPIRED,
          CERTIFICATE_HOST_MISMATCH,
          TLSA_INVALID,
          DNSSEC_INVALID,
          DANE_REQUIRED,
          VALIDATION_METHOD_NOT_SUPPORTED ->
          FailureCode.TLS_FAILED;
    };
  }
}
