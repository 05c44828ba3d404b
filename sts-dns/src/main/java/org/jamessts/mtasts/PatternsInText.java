package org.jamessts.mtasts;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.jamessts.dns.InvalidDomainNameException;

/**
 * The patterns of a policy by their places in its text. Each is read again when somebody asks: of a
 * hundred thousand policies in memory, most are asked once in a while, and as values their patterns
 * would take a fifth of that memory. Never changes.
 */
final class PatternsInText extends AbstractList<MxPattern> implements RandomAccess {

  private final String text;
  private final int[] bounds;

  /**
   * Patterns that have been read before.
   *
   * @param bounds where the first begins and ends, then the second, and so on
   */
  PatternsInText(String text, int[] bounds) {
    this.text = text;
    this.bounds = bounds;
  }

  @Override
  public MxPattern get(int index) {
    String pattern = text.substring(bounds[2 * index], bounds[2 * index + 1]);
    try {
      return MxPattern.parse(pattern);
    } catch (InvalidDomainNameException e) {
      throw new IllegalStateException("it was a pattern when the policy was read", e);
    }
  }

  @Override
  public int size() {
    return bounds.length / 2;
  }
}
