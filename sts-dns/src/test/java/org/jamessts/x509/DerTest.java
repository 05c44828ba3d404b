package org.jamessts.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {

  @ParameterizedTest
  @CsvSource({
    "0400, ''",
    "0402aabb, aabb",
    "048102aabb, aabb",
    "04820001aa, aa",
    "0483000001aa, aa"
  })
  void withinShouldFindTheContent(String value, String content) {
    assertThat(new Der(octets(value)).within(Der.OCTET_STRING)).isEqualTo(octets(content));
    assertThat(new Der(octets(value + "ff")).next(Der.OCTET_STRING)).isEqualTo(octets(value));
    assertThat(Der.isOne(Der.OCTET_STRING, octets(value))).isTrue();
    assertThat(Der.isOne(Der.OCTET_STRING, octets(value + "00"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "04",
        "0401",
        "0203000000",
        "0481",
        "048101",
        "04820001",
        "0480",
        "0480aa0000",
        "0484000000010a",
        "04ff",
        "0483ffffff"
      })
  void withinShouldRefuseWhatDoesNotEnd(String value) {
    assertThatThrownBy(() -> new Der(octets(value)).within(Der.OCTET_STRING))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Der.isOne(Der.OCTET_STRING, octets(value))).isFalse();
  }

  @Test
  void valuesShouldFollowOneAnother() {
    Der der = new Der(octets("0201ff" + "300402020100"));

    assertThat(der.isNext(Der.SEQUENCE)).isFalse();
    assertThat(der.next(Der.INTEGER)).isEqualTo(octets("0201ff"));
    assertThat(der.isNext(Der.SEQUENCE)).isTrue();
    assertThat(der.within(Der.SEQUENCE)).isEqualTo(octets("02020100"));
    assertThat(der.isNext(Der.SEQUENCE)).isFalse();
  }

  private static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
