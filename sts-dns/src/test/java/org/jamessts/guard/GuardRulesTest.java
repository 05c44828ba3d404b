package org.jamessts.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class GuardRulesTest {

  /** Says so as a class. */
  private static final class None implements Guards {
    @Override
    public boolean stand(Guard guard) {
      return false;
    }
  }

  /** Says so in a lambda. */
  private static final class Maker {
    static Guards without(Guard off) {
      return guard -> guard != off;
    }
  }

  @Test
  void ruleShouldFindWhoeverTakesGuardsAway() {
    assertThat(new None().stand(Guard.EXPIRY_ENDS)).isFalse();
    assertThat(Maker.without(Guard.EXPIRY_ENDS).stand(Guard.EXPIRY_ENDS)).isFalse();

    assertThat(isKeptBy(None.class)).isFalse();
    assertThat(isKeptBy(Maker.class)).isFalse();
    assertThat(isKeptBy(Guard.class, Guards.class)).isTrue();
  }

  private static boolean isKeptBy(Class<?>... classes) {
    return !GuardRules.ALL_GUARDS_STAND
        .evaluate(new ClassFileImporter().importClasses(classes))
        .hasViolation();
  }
}
