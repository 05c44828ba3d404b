package org.jamessts.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names a rule of a standard that a test shows: if the code broke the rule, the test would fail. On
 * a class it speaks for the tests of that class together, as in the table of one rule.
 *
 * <p>The rules stand in {@code rules.tsv} beside this file. {@code docs/rfc-map.md} is made from
 * both, and the build fails when a rule is not shown, or when a name is not in the list.
 */
@Repeatable(Rule.Several.class)
@Retention(RetentionPolicy.CLASS) // read from the class files
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Rule {

  /** The name of the rule: document and number, for example {@code RFC 8461 S13}. */
  String value();

  /**
   * The production classes that keep to the rule, which are classes and not names so that a
   * renaming does not miss them. Where the test cannot see one, the class through which it is used.
   */
  Class<?>[] in();

  /** What the compiler makes of several rules on one test. */
  @Retention(RetentionPolicy.CLASS)
  @Target({ElementType.METHOD, ElementType.TYPE})
  @interface Several {
    /** The rules, in the order in which they are written. */
    Rule[] value();
  }
}
