package org.jamessts.testing;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.regex.Pattern;

/**
 * For the architecture tests of every module: leaves out the classes of tests, of this module and
 * of those that it builds on. ArchUnit's own option knows only those in folders; a packaged
 * module's come in a jar.
 */
public final class WithoutTests implements ImportOption {
  private static final ImportOption FOLDERS = Predefined.DO_NOT_INCLUDE_TESTS;
  private static final Pattern JAR = Pattern.compile(".*-tests\\.jar!/.*");

  @Override
  public boolean includes(Location location) {
    return FOLDERS.includes(location) && !location.matches(JAR);
  }
}
