package org.jamessts.fuzz;

import java.util.Locale;

/**
 * What is fuzzed: a parser, or a judge of what is signed. Each module has an enumeration of its
 * own.
 */
interface FuzzTarget {

  /** The class with the method that Jazzer calls. */
  Class<?> entry();

  /** As in its enumeration, for example {@code STS_RECORD}. */
  String name();

  /** The name of its directory in the corpus, for example {@code sts-record}. */
  default String directory() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Whether the parser makes a value of an input, or the judge believes it.
   *
   * @throws AssertionError when a property does not hold
   */
  boolean reads(byte[] input);
}
