package org.jamessts.delivery;

import java.net.InetSocketAddress;
import org.jamessts.smtp.MailContent;

/** What is done at an address to which mail may go. Implementations are safe for many threads. */
interface Conversation {

  /** Does it for those who still wait, and notes in the attempt what came of it. */
  void hold(InetSocketAddress peer, Need need, MailContent content, Attempt attempt);

  /** Whether a host has to prove its name, whatever its domain publishes: it gets credentials. */
  boolean needsProof();

  /** How many sessions wait for another mail. */
  default int keptSessions() {
    return 0;
  }

  /** How many addresses are left alone now. */
  default int unreachableHosts() {
    return 0;
  }

  /** Ends what is kept open for further mails. */
  void close();
}
