package org.jamessts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jamessts.guard.GuardRules;
import org.jamessts.testing.WithoutTests;

/** Who may know whom in this module; each rule fails when its package gains a forbidden import. */
@AnalyzeClasses(packages = "org.jamessts", importOptions = WithoutTests.class)
class DirectionOfArrowsTest {

  private static final String[] THE_HOST = {
    "org.apache.james..", "org.apache.mailet..", "javax.mail..", "com.google.inject..", "spark.."
  };

  @ArchTest
  static final ArchRule theDecisionShouldBePure =
      noClasses()
          .that()
          .resideInAPackage("org.jamessts.decide..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.net..",
              "java.nio..",
              "javax.net..",
              "java.util.concurrent..",
              "org.slf4j..",
              "org.jamessts.smtp..",
              "org.jamessts.delivery..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(THE_HOST);

  @ArchTest
  static final ArchRule talkingShouldNotKnowTheHost =
      noClasses()
          .that()
          .resideInAnyPackage("org.jamessts.smtp..", "org.jamessts.tls..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(THE_HOST)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jamessts.delivery..", "org.jamessts.decide..");

  @ArchTest
  static final ArchRule tlsShouldNotKnowWhoUsesIt =
      noClasses()
          .that()
          .resideInAPackage("org.jamessts.tls..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jamessts.smtp..");

  @ArchTest
  static final ArchRule deliveryShouldNotKnowHowTheWorldIsAsked =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.jamessts.delivery..", "org.jamessts.smtp..", "org.jamessts.tls..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.xbill.DNS..", "com.ibm.icu..", "org.apache.hc..", "org.jamessts.https..");

  @ArchTest
  static final ArchRule waitingShouldNotKnowHowMailIsDelivered =
      noClasses()
          .that()
          .resideInAPackage("org.jamessts.retry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.jamessts.delivery..",
              "org.jamessts.smtp..",
              "org.jamessts.tls..",
              "org.jamessts.decide..");

  @ArchTest
  static final ArchRule webadminShouldNotTouchConnections =
      noClasses()
          .that()
          .resideInAPackage("org.jamessts.webadmin..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jamessts.smtp..", "org.jamessts.tls..");

  @ArchTest
  static final ArchRule reportingShouldNotKnowDeliveryNorTheHost =
      noClasses()
          .that()
          .resideInAPackage("org.jamessts.tlsrpt..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.jamessts.decide..",
              "org.jamessts.tls..",
              "org.jamessts.smtp..",
              "org.jamessts.delivery..",
              "org.jamessts.guice..")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(THE_HOST);

  /** Only tests take a guard away. */
  @ArchTest static final ArchRule allGuardsShouldStand = GuardRules.ALL_GUARDS_STAND;
}
