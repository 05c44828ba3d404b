package org.jamessts.preload;

import java.nio.file.Path;

/** A file that holds no list to believe. The message names the file, the place and the reason. */
public final class InvalidPreloadListException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidPreloadListException(Path file, String reason) {
    super("preload list " + file + ": " + reason);
  }
}
