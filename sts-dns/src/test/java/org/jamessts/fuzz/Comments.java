package org.jamessts.fuzz;

import java.util.regex.Pattern;

/** The comment of an override: up to 500 characters that stay in their line and its direction. */
final class Comments {

  private static final Pattern COMMENT =
      Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}]{0,500}");

  private Comments() {}

  static boolean isComment(String text) {
    return COMMENT.matcher(text).matches();
  }
}
