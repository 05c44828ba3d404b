package org.jamessts.rfcmap;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.testing.Rule;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;

/**
 * That a test shows a rule, as {@link Rule} says it.
 *
 * @param rule the rule's name
 * @param test the class of the test
 * @param method the test in it; empty when all of them show the rule together
 * @param in the production classes that keep to the rule
 */
record Claim(String rule, JavaClass test, Optional<JavaMethod> method, List<JavaClass> in) {

  /** Every claim of these classes; class files are read, nothing is loaded. */
  static List<Claim> of(Iterable<JavaClass> classes) {
    List<Claim> claims = new ArrayList<>();
    for (JavaClass test : classes) {
      rules(test).map(rule -> claim(rule, test, Optional.empty())).forEach(claims::add);
      for (JavaMethod method : test.getMethods()) {
        rules(method).map(rule -> claim(rule, test, Optional.of(method))).forEach(claims::add);
      }
    }
    return claims;
  }

  /** One rule is there by itself, several in their container. */
  private static Stream<JavaAnnotation<?>> rules(HasAnnotations<?> annotated) {
    return annotated.getAnnotations().stream()
        .flatMap(
            annotation ->
                annotation.getRawType().isEquivalentTo(Rule.Several.class)
                    ? elements(annotation, "value").map(rule -> (JavaAnnotation<?>) rule)
                    : Stream.of(annotation))
        .filter(annotation -> annotation.getRawType().isEquivalentTo(Rule.class));
  }

  private static Stream<Object> elements(JavaAnnotation<?> annotation, String name) {
    return Stream.of((Object[]) annotation.getExplicitlyDeclaredProperty(name));
  }

  private static Claim claim(JavaAnnotation<?> rule, JavaClass test, Optional<JavaMethod> method) {
    return new Claim(
        (String) rule.getExplicitlyDeclaredProperty("value"),
        test,
        method,
        elements(rule, "in").map(type -> (JavaClass) type).toList());
  }

  /** Whether JUnit runs what makes the claim. */
  boolean isRun() {
    boolean testable =
        method.isPresent()
            ? isTest(method.get())
            : test.getAllMethods().stream().anyMatch(Claim::isTest);
    return testable && !isDisabled(test) && method.filter(Claim::isDisabled).isEmpty();
  }

  private static boolean isTest(JavaMethod method) {
    return method.isMetaAnnotatedWith(Testable.class);
  }

  private static boolean isDisabled(HasAnnotations<?> annotated) {
    return annotated.isAnnotatedWith(Disabled.class);
  }

  /** The test in words, for example {@code MxPatternTest.matchesShouldFollowSection4_1}. */
  String who() {
    return nameOf(test) + method.map(name -> "." + name.getName()).orElse("");
  }

  /** The name of a class within its package. */
  static String nameOf(JavaClass type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }
}
