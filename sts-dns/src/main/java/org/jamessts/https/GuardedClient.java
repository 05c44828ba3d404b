package org.jamessts.https;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.threads.DaemonThreads;
import org.jamessts.x509.PathBuilder;

/**
 * Talks to a host over a connection that has been judged, under one deadline for all of it. It runs
 * on a thread of its own, so that the caller is back at the deadline whatever the network or the
 * DNS does. Safe for use by many threads.
 */
final class GuardedClient implements AutoCloseable {

  /** What is said over the connection. */
  @FunctionalInterface
  interface Conversation<T> {
    /** Says it; the socket is closed afterwards. */
    T over(SSLSocket socket) throws HttpsException;
  }

  private final GuardedConnector connector;
  private final Duration deadline;
  private final ExecutorService threads;

  /**
   * @param name of its threads
   * @param resolver finds the addresses of hosts
   * @param paths judges their certificates
   * @param clock the moment of judgement
   * @param settings how far it may go
   * @param guards all of them, but for tests
   */
  GuardedClient(
      String name,
      Resolver resolver,
      PathBuilder paths,
      Clock clock,
      HttpsSettings settings,
      Guards guards) {
    this.connector = new GuardedConnector(resolver, paths, clock, settings, guards);
    this.deadline = settings.deadline();
    this.threads = Executors.newCachedThreadPool(DaemonThreads.named(name));
  }

  /**
   * Connects and talks.
   *
   * @param host which must prove its name
   * @param port where it listens
   * @throws HttpsException when that failed, took too long, or was interrupted; the thread is then
   *     still marked as interrupted
   */
  <T> T talk(DomainName host, int port, Conversation<T> conversation) throws HttpsException {
    CutOff cutOff = new CutOff();
    Future<T> running;
    try {
      running = threads.submit(() -> talkNow(host, port, conversation, cutOff));
    } catch (RejectedExecutionException e) {
      throw HttpsException.fetch("the client is closed");
    }
    try {
      return running.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw HttpsException.fetch(
          host + " did not answer in full within " + deadline.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpsException.fetch("the request was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpsException failure) {
        throw failure;
      }
      throw new IllegalStateException("talking to " + host, e);
    } finally {
      cutOff.cut();
      running.cancel(true);
    }
  }

  private <T> T talkNow(DomainName host, int port, Conversation<T> conversation, CutOff cutOff)
      throws HttpsException {
    SSLSocket socket = connector.connect(host, port, cutOff);
    try {
      return conversation.over(socket);
    } finally {
      closeQuietly(socket);
    }
  }

  private static void closeQuietly(SSLSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The answer is read, or refused: how the connection ends changes nothing.
    }
  }

  /** Ends running conversations; none can be started afterwards. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
