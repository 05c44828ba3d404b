package org.jamessts.dns;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TSIG;

/** Gives the questions that dnsjava's validator asks to the lookup for which it asks them. */
final class ValidationQuestions implements Resolver {

  @Override
  public CompletionStage<Message> sendAsync(Message query, Executor lookup) {
    return ((Validation) lookup).ask(query.getQuestion());
  }

  @Override
  public Duration getTimeout() {
    throw new UnsupportedOperationException("every lookup has a deadline of its own");
  }

  // How questions travel is not dnsjava's affair.

  @Override
  public void setTimeout(Duration timeout) {}

  @Override
  public void setPort(int port) {}

  @Override
  public void setTCP(boolean flag) {}

  @Override
  public void setIgnoreTruncation(boolean flag) {}

  @Override
  public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

  @Override
  public void setTSIGKey(TSIG key) {}
}
