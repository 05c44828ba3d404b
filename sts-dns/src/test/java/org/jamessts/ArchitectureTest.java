package org.jamessts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction of the arrows between packages. */
@AnalyzeClasses(packages = "org.jamessts", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule dnsjavaIsKnownToTheDnsPackageAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.jamessts.dns..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.xbill.DNS..");

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
              "org.jamessts.x509..",
              "org.jamessts.json..",
              "org.jamessts.files..",
              "org.jamessts.preload..",
              "org.jamessts.override..");

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
              "java.sql..",
              "javax.sql..",
              "org.h2..",
              "org.postgresql..",
              "com.zaxxer.hikari..",
              "com.github.benmanes.caffeine..");
}
