package org.jamessts.decide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureCodeTest {

  @ParameterizedTest(name = "{0} is {1} while queued and {2} in the end")
  @CsvSource({
    "DNS_FAILED, 450 4.4.3, 550 5.4.4",
    "UNROUTABLE, 450 4.4.4, 550 5.4.4",
    "NETWORK, 451 4.4.2, 550 5.4.2",
    "POLICY_UNCLEAR, 450 4.7.0, 550 5.7.0",
    "STS_MX_MISMATCH, 450 4.7.0, 550 5.7.0",
    "STARTTLS_MISSING, 450 4.7.4, 550 5.7.4",
    "TLS_FAILED, 450 4.7.5, 550 5.7.5",
    "LOCAL, 451 4.3.5, 550 5.3.5",
  })
  void codesShouldBeThoseOfTheTable(FailureCode code, String queued, String ultimate) {
    assertThat(code.queued()).isEqualTo(queued);
    assertThat(code.ultimate()).isEqualTo(ultimate);
  }
}
