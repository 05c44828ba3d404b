package org.jamessts.tlsrpt;

/**
 * Takes note of sessions. Called on the way of every mail: it must be quick, never fail for what it
 * is told, and be safe for use by many threads.
 */
public interface SessionRecorder {

  /** Takes note of one session. */
  void record(SessionResult result);
}
