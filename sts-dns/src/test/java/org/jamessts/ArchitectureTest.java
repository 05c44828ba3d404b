package org.jamessts;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URI;
import java.net.URISyntaxException;
import org.jamessts.guard.GuardRules;
import org.jamessts.testing.WithoutTests;

/** The direction of the arrows between packages. */
@AnalyzeClasses(packages = "org.jamessts", importOptions = WithoutTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule dnsjavaAndIcuAreKnownToTheDnsPackageAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.jamessts.dns..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.xbill.DNS..", "com.ibm.icu..");

  @ArchTest
  static final ArchRule dnsDependsOnNoOtherPackage =
      noClasses()
          .that()
          .resideInAPackage("org.jamessts.dns..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.jamessts.policy..",
              "org.jamessts.mtasts..",
              "org.jamessts.sts2016..",
              "org.jamessts.x509..",
              "org.jamessts.dane..",
              "org.jamessts.json..",
              "org.jamessts.files..",
              "org.jamessts.preload..",
              "org.jamessts.override..");

  @ArchTest
  static final ArchRule certificatesDependOnNoOtherPackageButNames =
      classes()
          .that()
          .resideInAPackage("org.jamessts.x509..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "org.jamessts.x509..",
                  "org.jamessts.dns..",
                  "org.jspecify.annotations..",
                  "java..",
                  "javax.."));

  /** A list of what is allowed: whoever asks, fetches or keeps would need something more. */
  @ArchTest
  static final ArchRule policiesAreTextAndValuesAlone =
      classes()
          .that()
          .resideInAnyPackage("org.jamessts.mtasts..", "org.jamessts.sts2016..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "org.jamessts.mtasts..",
                      "org.jamessts.sts2016..",
                      "org.jamessts.dns..",
                      "org.jspecify.annotations..",
                      "java.lang..",
                      "java.math..",
                      "java.nio",
                      "java.nio.charset",
                      "java.time..",
                      "java.util",
                      "java.util.function",
                      "java.util.regex",
                      "java.util.stream")
                  .or(belongToAnyOf(URI.class, URISyntaxException.class)));

  /** What TLSA records promise is known without knowing of mail, policies or configuration. */
  @ArchTest
  static final ArchRule daneKnowsTheDnsAndCertificatesAlone =
      classes()
          .that()
          .resideInAPackage("org.jamessts.dane..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "org.jamessts.dane..",
                  "org.jamessts.dns..",
                  "org.jamessts.x509..",
                  "org.jamessts.guard..",
                  "org.jspecify.annotations..",
                  "java.io",
                  "java.lang..",
                  "java.security..",
                  "java.time..",
                  "java.util",
                  "java.util.function",
                  "java.util.stream",
                  "javax.security.auth.x500"));

  @ArchTest
  static final ArchRule jacksonIsKnownToWhoeverReadsAndWritesJsonAlone =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.jamessts.json..", "org.jamessts.override..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml..");

  @ArchTest
  static final ArchRule whatTheOperatorSaysDependsOnNoOneWhoAsksTheWorld =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.jamessts.json..",
              "org.jamessts.files..",
              "org.jamessts.preload..",
              "org.jamessts.override..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.jamessts.policy..",
              "org.jamessts.https..",
              "org.jamessts.store..",
              "org.jamessts.x509..",
              "java.net..");

  @ArchTest
  static final ArchRule theModuleKnowsNoHost =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.james..",
              "org.apache.mailet..",
              "javax.mail..",
              "jakarta.mail..",
              "com.google.inject..",
              "spark..");

  @ArchTest
  static final ArchRule databasesAreKnownToTheStorePackageAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.jamessts.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..", "javax.sql..", "org.h2..", "org.postgresql..", "com.zaxxer.hikari..");

  /** Only tests take a guard away. */
  @ArchTest static final ArchRule allGuardsStand = GuardRules.ALL_GUARDS_STAND;
}
