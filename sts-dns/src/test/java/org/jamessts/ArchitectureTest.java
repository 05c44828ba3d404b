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
              "org.jamessts.policy..", "org.jamessts.mtasts..", "org.jamessts.x509..");

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
