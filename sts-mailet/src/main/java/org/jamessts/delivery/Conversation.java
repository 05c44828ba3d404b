package org.jamessts.delivery;

import java.net.InetSocketAddress;
import org.jamessts.smtp.MailContent;

/** What is done at an address to which mail may go. Implementations are safe for many threads. */
interface Conversation {

  /** Does it for those who still wait, and notes in the attempt what came of it. */
  void hold(InetSocketAddress peer, Need need, MailContent content, Attempt attempt);

  /** Ends what is kept open for further mails. */
  void close();
}
