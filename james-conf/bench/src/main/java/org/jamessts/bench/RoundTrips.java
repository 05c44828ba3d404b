package org.jamessts.bench;

import java.time.Duration;
import java.util.List;
import org.jamessts.testing.DnsFault;
import org.xbill.DNS.Message;

/**
 * Right answers, each late by the same time, and the number of round trips that whoever asks has
 * waited for: the questions of one round trip are those that arrive before the answer to any of
 * them has left. How long he computes between two of them makes no difference.
 */
final class RoundTrips implements DnsFault {

  private final Duration late;
  private int answered;

  /**
   * @param late more than lies between two questions that are asked at the same time
   */
  RoundTrips(Duration late) {
    this.late = late;
  }

  @Override
  public List<byte[]> apply(Message answer, boolean tcp) throws InterruptedException {
    int trip = begin();
    Thread.sleep(late.toMillis());
    end(trip);
    return List.of(answer.toWire());
  }

  private synchronized int begin() {
    return answered + 1;
  }

  private synchronized void end(int trip) {
    answered = Math.max(answered, trip);
  }

  /** The number since this was asked last; to be asked when every question is answered. */
  synchronized int take() {
    int trips = answered;
    answered = 0;
    return trips;
  }
}
