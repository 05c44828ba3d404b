package org.jamessts.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jamessts.testing.MailLookup;
import org.jamessts.testing.SignedDomains;

/** The program that looks up many domains at the same time. */
final class ResolveAll {

  /** A thread here has little to do but to wait. */
  private static final long STACK = 256 * 1024;

  /**
   * For one question. James gives it less, but here it waits for a processor that every other
   * question waits for too.
   */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final MailLookup lookup;
  private final int domains;
  private final int threads;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger secure = new AtomicInteger();
  private final CountDownLatch begin = new CountDownLatch(1);
  private final CountDownLatch end;

  private ResolveAll(MailLookup lookup, int domains, int threads) {
    this.lookup = lookup;
    this.domains = domains;
    this.threads = threads;
    this.end = new CountDownLatch(threads);
  }

  /**
   * Looks domains up, and writes how many of them are proven, and how many nanoseconds it took.
   *
   * @param arguments the port of the name server, the root's DS record, how many domains, and how
   *     many threads share them
   */
  public static void main(String[] arguments) throws InterruptedException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    MailLookup lookup = MailLookup.validating(server, arguments[1], TIMEOUT);
    new ResolveAll(lookup, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3])).run();
    System.exit(0);
  }

  private void run() throws InterruptedException {
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(null, this::work, "lookup-" + i, STACK);
      thread.setDaemon(true);
      thread.start();
    }
    long start = System.nanoTime();
    begin.countDown();
    end.await();
    long nanos = System.nanoTime() - start;
    System.out.println(secure);
    System.out.println(nanos);
  }

  private void work() {
    try {
      begin.await();
      for (int number = next.getAndIncrement(); number < domains; number = next.getAndIncrement()) {
        lookup
            .unproven(SignedDomains.OWN_HOST.domain(number))
            .ifPresentOrElse(System.err::println, secure::incrementAndGet);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end.countDown();
    }
  }
}
