package org.jamessts.conf;

import java.util.concurrent.CountDownLatch;
import org.jamessts.testing.SmtpEffect;

/** A server that answers no RCPT until a test lets it. */
final class HeldReply {

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** What the server has to do for it. */
  SmtpEffect effect() {
    return new SmtpEffect.ReplyToRecipient(
        recipient -> {
          hold();
          return false;
        },
        "");
  }

  private void hold() {
    reached.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a client waits for the reply. */
  void awaitReached() throws InterruptedException {
    reached.await();
  }

  /** Lets the server answer, now and from now on. */
  void release() {
    released.countDown();
  }
}
