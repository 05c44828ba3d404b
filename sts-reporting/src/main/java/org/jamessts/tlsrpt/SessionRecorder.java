package org.jamessts.tlsrpt;

/**
 * Takes note of sessions. Called on the way of every mail: it must be quick, never fail for what it
 * is told, and be safe for use by many threads.
 */
public interface SessionRecorder {

  /** Takes note of one session. */
  void record(SessionResult result);

  /**
   * Puts what was noted where it survives the end of this process, if that works. For who stops,
   * and can wait.
   */
  default void keep() {}
}
