package org.jamessts.override;

import java.nio.file.Path;

/**
 * A file that holds no overrides. The message is one line that names the file, the place in it,
 * what stands there and what is allowed.
 */
public final class InvalidOverrideFileException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidOverrideFileException(Path file, String reason) {
    super("override file " + file + ": " + reason);
  }
}
