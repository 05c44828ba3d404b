package org.jamessts.rfcmap;

import org.jamessts.decide.StsRequirement;
import org.jamessts.decide.TlsRequirement;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims good and bad, for {@link RfcMapProblemsTest}; nobody runs them. */
final class Samples {

  private Samples() {}

  static final class Good {
    @Test
    @Rule(value = "RFC 1 S1", in = StsRequirement.class)
    @Rule(
        value = "RFC 1 S2",
        in = {MxPattern.class, TlsRequirement.class})
    void severalRules() {}

    @ParameterizedTest
    @ValueSource(ints = 1)
    @Rule(value = "RFC 1 S1", in = TlsRequirement.class)
    void table(int row) {}
  }

  @Rule(value = "RFC 1 S2", in = MxPattern.class)
  static final class WholeClass {
    @Test
    void one() {}

    @Test
    void other() {}
  }

  static final class Unknown {
    @Test
    @Rule(value = "RFC 1 S99", in = MxPattern.class)
    void test() {}
  }

  static final class NoTest {
    @Rule(value = "RFC 1 S1", in = MxPattern.class)
    void helper() {}
  }

  @Rule(value = "RFC 1 S1", in = MxPattern.class)
  static final class NoTestInIt {
    void helper() {}
  }

  static final class Switched {
    @Test
    @Disabled
    @Rule(value = "RFC 1 S1", in = MxPattern.class)
    void off() {}
  }

  @Disabled
  static final class SwitchedAsAWhole {
    @Test
    @Rule(value = "RFC 1 S1", in = MxPattern.class)
    void off() {}
  }

  static final class InNothing {
    @Test
    @Rule(
        value = "RFC 1 S1",
        in = {})
    void test() {}
  }

  static final class InATest {
    @Test
    @Rule(value = "RFC 1 S1", in = Rule.class)
    void test() {}
  }

  static final class InNamesakes {
    @Test
    @Rule(
        value = "RFC 1 S1",
        in = {java.awt.List.class, java.util.List.class})
    void test() {}
  }
}
