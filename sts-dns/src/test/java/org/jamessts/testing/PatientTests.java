package org.jamessts.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has every test wait longer than ten seconds, Awaitility's own limit, for what is to happen: on a
 * busy machine a database takes that to open. A test that succeeds waits no longer for it. Found by
 * JUnit as a service.
 */
public final class PatientTests implements BeforeAllCallback {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public void beforeAll(ExtensionContext test) {
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
