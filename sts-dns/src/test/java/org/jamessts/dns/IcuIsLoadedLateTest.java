package org.jamessts.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Servers that see names in ASCII only do not pay for Unicode. */
class IcuIsLoadedLateTest {

  private static final String ICU = "com.ibm.icu.";

  /** Loads everything itself but the JDK, and can tell what. */
  private static final class OwnClasses extends URLClassLoader {
    private final List<String> loaded = new ArrayList<>();

    OwnClasses() {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] classPath() {
      return Pattern.compile(System.getProperty("path.separator"), Pattern.LITERAL)
          .splitAsStream(System.getProperty("java.class.path", ""))
          .map(OwnClasses::url)
          .toArray(URL[]::new);
    }

    private static URL url(String path) {
      try {
        return Path.of(path).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException(path, e);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      loaded.add(name);
      return super.findClass(name);
    }

    void parseInternational(String text) throws ReflectiveOperationException {
      Class<?> domainName = loadClass("org.jamessts.dns.DomainName");
      try {
        domainName.getMethod("parseInternational", String.class).invoke(null, text);
      } catch (InvocationTargetException e) {
        assertThat(e.getCause()).hasMessageContaining("is not a domain name");
      }
    }
  }

  @Test
  void icuShouldNotBeLoadedBeforeANameNeedsIt() throws Exception {
    try (OwnClasses classes = new OwnClasses()) {
      classes.parseInternational("example.test");
      classes.parseInternational("xn--bcher-kva.test");
      classes.parseInternational("no name");
      assertThat(classes.loaded).contains("org.jamessts.dns.DomainName");
      assertThat(classes.loaded).noneMatch(name -> name.startsWith(ICU));

      classes.parseInternational("b\u00fccher.test");
      assertThat(classes.loaded).anyMatch(name -> name.startsWith(ICU));
    }
  }
}
