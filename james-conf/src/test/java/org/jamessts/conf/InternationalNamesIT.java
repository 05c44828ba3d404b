package org.jamessts.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The jar holds a small part of ICU under another name. Here it stands alone, without the whole ICU
 * that other tests have on their class path, and is compared with it.
 */
class InternationalNamesIT {

  private static final Path JAR = Path.of("target/james/extensions-jars/james-sts.jar");

  /** Joiners, right-to-left text, marks and mappings each have a place where they matter. */
  private static final List<String> PLACES =
      List.of("a%sb.test", "\u05d0%s.test", "\u0915\u094d%s\u0937.test", "%s\u0308.xn--fa-hia");

  /** The first two planes one by one, of the rest a sample. */
  private static final int TWO_PLANES = 0x20000;

  private static final int STEP = 101;

  static URLClassLoader jar;
  static Method parse;

  @BeforeAll
  static void load() throws Exception {
    URL[] alone = {JAR.toUri().toURL()};
    jar = new URLClassLoader(alone, ClassLoader.getPlatformClassLoader());
    Class<?> domainName = jar.loadClass(DomainName.class.getName());
    assertThat(domainName).isNotSameAs(DomainName.class);
    parse = domainName.getMethod("parseInternational", String.class);
  }

  @AfterAll
  static void close() throws Exception {
    jar.close();
  }

  @Test
  void jarShouldReadEveryCharacterAsTheWholeOfIcuDoes() throws Exception {
    int names = 0;
    for (int c = 0x80; c <= Character.MAX_CODE_POINT; c += c < TWO_PLANES ? 1 : STEP) {
      for (String place : PLACES) {
        String given = place.formatted(Character.toString(c));
        String whole = byTheWhole(given);
        // Not assertThat for each: it would take most of the time.
        if (!whole.equals(byTheJar(given))) {
          assertThat(byTheJar(given)).as("U+%X in %s", c, place).isEqualTo(whole);
        }
        names += whole.startsWith("xn--") ? 1 : 0;
      }
    }
    assertThat(names).isGreaterThan(100_000);
  }

  private static String byTheWhole(String given) {
    try {
      return DomainName.parseInternational(given).value();
    } catch (InvalidDomainNameException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String byTheJar(String given) throws IllegalAccessException {
    try {
      return parse.invoke(null, given).toString();
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getTargetException().getMessage());
    }
  }
}
