package org.jamessts.bench.delivery;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How many mails a second a {@link FastSink} takes over kept connections: from clients on the same
 * machine, whose work is part of the figure.
 */
final class SinkLimit {

  private static final int CONNECTIONS = 8;

  private final FastClient client;

  SinkLimit(InetSocketAddress address, int octets) {
    this.client = new FastClient(address, true, octets);
  }

  /** Mails a second, of so many. */
  double measure(FastSink sink, int mails) throws Exception {
    FastSink.Marks marks = sink.count(Duration.ZERO, mails / 5, mails);
    List<Thread> clients = client.send(mails, CONNECTIONS);
    marks.await(0);
    long begin = System.nanoTime();
    marks.await(1);
    double seconds = (System.nanoTime() - begin) / 1e9;
    for (Thread thread : clients) {
      thread.join();
    }
    return (mails - mails / 5) / seconds;
  }
}
