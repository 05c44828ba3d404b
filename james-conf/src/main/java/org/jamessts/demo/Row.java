package org.jamessts.demo;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import org.jamessts.demo.Scenario.Fate;
import org.jamessts.testing.ReceivedMail;

/**
 * What happened to one mail.
 *
 * @param scenario the domain
 * @param received what its servers received
 * @param verdict what we say ourselves
 */
record Row(Scenario scenario, List<ReceivedMail> received, Optional<OwnVerdict> verdict) {

  Row {
    received = List.copyOf(received);
  }

  /** What the receiving servers saw. */
  Fate fate() {
    if (received.isEmpty()) {
      return Fate.NOTHING;
    }
    // One mail in clear spoils all.
    return received.stream().allMatch(ReceivedMail::inTls) ? Fate.TLS : Fate.CLEAR;
  }

  /** The world, the standard and our own words agree, and no mail came twice. */
  boolean isRight() {
    return fate() == scenario.expected()
        && received.size() <= 1
        && verdict.flatMap(OwnVerdict::fate).equals(Optional.of(fate()));
  }

  /** What came, for the table. */
  String arrived() {
    if (received.isEmpty()) {
      return "nothing";
    }
    return received.stream()
            .map(mail -> Integer.toString(mail.content().length()))
            .collect(joining(" + ", "", " octets, "))
        + (fate() == Fate.TLS ? "TLS" : "CLEAR");
  }

  /** Our own words, for the table. */
  String why() {
    return verdict.map(OwnVerdict::why).orElse("james-sts logged nothing about this mail");
  }
}
