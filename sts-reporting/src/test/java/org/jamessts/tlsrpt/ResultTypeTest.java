package org.jamessts.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultTypeTest {

  @Test
  void resultTypesShouldBeSpelledAsInRfc8460AndTheDraft() {
    assertThat(ResultType.values())
        .extracting(ResultType::keyword)
        .containsExactly(
            "starttls-not-supported",
            "certificate-host-mismatch",
            "certificate-expired",
            "certificate-not-trusted",
            "validation-failure",
            "tlsa-invalid",
            "dnssec-invalid",
            "dane-required",
            "sts-policy-fetch-error",
            "sts-policy-invalid",
            "sts-webpki-invalid",
            // Of the draft of 2016.
            "sender-does-not-support-validation-method");
    assertThat(AppliedPolicy.Type.NO_POLICY_FOUND.keyword()).isEqualTo("no-policy-found");
  }
}
