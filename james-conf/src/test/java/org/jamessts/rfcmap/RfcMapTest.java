package org.jamessts.rfcmap;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rules of this project, its tests, and {@code docs/rfc-map.md}. */
class RfcMapTest {

  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve("docs/rfc-map.md");

  @Test
  void everyRuleShouldBeShownByATestAndThePageShouldSaySo() throws IOException {
    RfcMap map = new RfcMap(StatedRule.all(), Claim.of(tests()), new Sources(ROOT));
    if (System.getProperty("sts.rfcMap", "").equals("write")) {
      Files.writeString(PAGE, new MapPage(map).text());
    }

    assertThat(map.problems(Files.exists(PAGE) ? Files.readString(PAGE) : "")).isEmpty();
  }

  private static JavaClasses tests() {
    // The samples of this package claim things that are not so.
    return new ClassFileImporter()
        .importPackages("org.jamessts")
        .that(not(resideInAPackage(RfcMapTest.class.getPackageName())));
  }
}
