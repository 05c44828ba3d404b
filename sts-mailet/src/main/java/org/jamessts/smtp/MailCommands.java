package org.jamessts.smtp;

import java.util.OptionalInt;

/** The words of MAIL and RCPT for one mail, with the parameters that the server understands. */
final class MailCommands {

  private final Envelope envelope;
  private final MailContent content;
  private final SmtpCapabilities capabilities;

  MailCommands(Envelope envelope, MailContent content, SmtpCapabilities capabilities) {
    this.envelope = envelope;
    this.content = content;
    this.capabilities = capabilities;
  }

  String mail() {
    StringBuilder line = new StringBuilder("MAIL FROM:<");
    envelope.reversePath().ifPresent(line::append);
    line.append('>');
    if (capabilities.size()) {
      line.append(" SIZE=").append(content.size());
    }
    if (content.eightBit() && capabilities.eightBitMime()) {
      line.append(" BODY=8BITMIME");
    }
    // RFC 6531 §3.4: to be used where it is needed, not where it is offered.
    if (capabilities.smtpUtf8() && (envelope.needsSmtpUtf8() || content.utf8Header())) {
      line.append(" SMTPUTF8");
    }
    if (capabilities.dsn()) {
      line.append(envelope.options().dsn().parameters());
    }
    OptionalInt priority = envelope.options().priority();
    if (priority.isPresent() && capabilities.mtPriority()) {
      line.append(" MT-PRIORITY=").append(priority.getAsInt());
    }
    return line.toString();
  }

  String rcpt(MailboxPath recipient) {
    String parameters = capabilities.dsn() ? envelope.options().dsn().parameters(recipient) : "";
    return "RCPT TO:<" + recipient + ">" + parameters;
  }
}
