package org.jamessts.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jamessts.testing.CertificateDraft;
import org.jamessts.testing.PrivateCa;
import org.junit.jupiter.api.Test;

/** Strangers choose what hosts show. */
class ForensicDetailsTest {

  private static final PrivateCa CA = PrivateCa.create("root");
  private static final X509Certificate SMALL = CA.root();

  /** Of about 6 KiB. */
  private static final X509Certificate LARGE =
      CA.issue(
              new CertificateDraft()
                  .dnsNames(
                      IntStream.range(0, 200)
                          .mapToObj(i -> "a-name-that-is-quite-long-%03d.test".formatted(i))
                          .toArray(String[]::new)))
          .leaf();

  private static ForensicDetails of(X509Certificate... chain) {
    return ForensicDetails.of(Optional.empty(), List.of(chain)).orElseThrow();
  }

  private static List<X509Certificate> told(ForensicDetails details, List<X509Certificate> of)
      throws Exception {
    List<X509Certificate> told = new ArrayList<>();
    for (String text : details.certificates()) {
      byte[] der = Base64.getDecoder().decode(text);
      for (X509Certificate one : of) {
        if (Arrays.equals(one.getEncoded(), der)) {
          told.add(one);
          break;
        }
      }
    }
    return told;
  }

  @Test
  void chainThatIsNotLongShouldBeToldAsShown() throws Exception {
    List<X509Certificate> chain = CA.issue("mx.example.com").chain();

    ForensicDetails details = ForensicDetails.of(Optional.of("hello"), chain).orElseThrow();

    assertThat(told(details, chain)).isEqualTo(chain).hasSize(2);
    assertThat(details.leftOut()).isZero();
    assertThat(details.banner()).contains("hello");
  }

  @Test
  void noMoreThanTenCertificatesShouldBeTold() {
    X509Certificate[] ten =
        IntStream.range(0, 10).mapToObj(i -> SMALL).toArray(X509Certificate[]::new);
    X509Certificate[] twelve =
        IntStream.range(0, 12).mapToObj(i -> SMALL).toArray(X509Certificate[]::new);

    assertThat(of(ten).certificates()).hasSize(10);
    assertThat(of(ten).leftOut()).isZero();
    assertThat(of(twelve).certificates()).hasSize(10);
    assertThat(of(twelve).leftOut()).isEqualTo(2);
  }

  /** Nor one that follows those that had no place: the chain would have a gap. */
  @Test
  void noMoreThanSixteenKibibytesShouldBeTold() throws Exception {
    assertThat(LARGE.getEncoded()).hasSizeBetween(16 * 1024 / 3 + 1, 16 * 1024 / 2);

    ForensicDetails details = of(LARGE, LARGE, LARGE, SMALL);

    assertThat(details.certificates()).hasSize(2);
    assertThat(details.leftOut()).isEqualTo(2);
    assertThat(details.size()).isLessThan(16 * 1024 * 4 / 3 + 4);
  }

  @Test
  void bannerShouldBeCut() {
    String long8k = "x".repeat(8 * 1024);

    assertThat(ForensicDetails.of(Optional.of(long8k), List.of()).orElseThrow().banner())
        .contains("x".repeat(512));
  }

  @Test
  void hostThatShowedNothingShouldHaveNoDetails() {
    assertThat(ForensicDetails.of(Optional.empty(), List.of())).isEmpty();
  }
}
