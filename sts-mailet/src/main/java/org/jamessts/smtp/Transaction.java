package org.jamessts.smtp;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jamessts.smtp.RecipientResult.Accepted;
import org.jamessts.smtp.RecipientResult.HeldBack;
import org.jamessts.smtp.RecipientResult.Refused;
import org.jamessts.smtp.RecipientResult.Unsettled;
import org.jamessts.smtp.SmtpException.Kind;

/**
 * One mail transaction (RFC 5321 §3.3): MAIL, RCPT for each recipient, DATA, the content. Commands
 * go out in groups whose replies are read before the next group: one command is a group in
 * lockstep, as many as fit are one where the server offers PIPELINING (RFC 2920). Used once.
 */
final class Transaction {

  /**
   * A group fits into the buffers between us and any server, so that it is never true that both
   * sides wait for the other to read (RFC 2920 §3.1).
   */
  private static final int GROUP_OCTETS = 8 * 1024;

  private static final int START_MAIL_INPUT = 354;
  private static final byte[] LONE_DOT = Wire.line(".");

  private final Wire wire;
  private final SmtpTimeouts timeouts;
  private final SmtpCapabilities capabilities;

  private final Envelope envelope;
  private final MailContent content;
  private final List<MailboxPath> recipients;
  private final Map<Integer, SmtpReply> recipientReplies = new HashMap<>();

  /** What ends the transaction for everybody: a refused MAIL or DATA, or 421 to anything. */
  private Optional<SmtpReply> refusal = Optional.empty();

  private boolean mailAccepted;
  private boolean mayWriteContent;
  private boolean finished;

  Transaction(
      Wire wire,
      SmtpTimeouts timeouts,
      SmtpCapabilities capabilities,
      Envelope envelope,
      MailContent content) {
    this.envelope = envelope;
    this.content = content;
    this.recipients = envelope.recipients();
    this.wire = wire;
    this.timeouts = timeouts;
    this.capabilities = capabilities;
  }

  private enum Verb {
    MAIL,
    RCPT,
    DATA
  }

  private record Command(Verb verb, int recipient, String line) {}

  /** The same refusal for each. */
  static List<RecipientResult> refuse(List<MailboxPath> recipients, SmtpReply reply) {
    return recipients.stream()
        .map(recipient -> (RecipientResult) new Refused(recipient, reply))
        .toList();
  }

  /** Whether the server has to be told to forget this transaction before the next one. */
  boolean isUnfinished() {
    return mailAccepted && !finished;
  }

  /** What the server said last before the connection was given up, if it said anything. */
  Optional<SmtpReply> lastWords() {
    return wire.isOpen() ? Optional.empty() : refusal;
  }

  /**
   * Runs it.
   *
   * @return a result for each recipient, in their order
   * @throws SmtpException when the conversation ended; no recipient was accepted or refused
   */
  List<RecipientResult> run() throws SmtpException {
    try {
      return converse();
    } catch (SmtpException e) {
      if (!anyRefused()) {
        throw e;
      }
      // A refusal is the server's whole answer for its recipient (RFC 5321 §3.3).
      return results(recipient -> new Unsettled(recipient, e));
    }
  }

  private List<RecipientResult> converse() throws SmtpException {
    for (List<Command> group : groups(commands())) {
      if (isPointless(group)) {
        break;
      }
      exchange(group);
    }
    if (mayBeSent()) {
      SmtpReply reply = sendContent();
      return results(recipient -> result(recipient, reply));
    }
    if (mayWriteContent && wire.isOpen()) {
      endUnwanted();
    }
    return results(this::unsent);
  }

  private SmtpReply sendContent() throws SmtpException {
    boolean chunked = capabilities.chunking();
    SmtpReply reply =
        chunked
            ? new ChunkSender(wire, timeouts).send(content)
            : new ContentSender(wire, timeouts).send(content);
    // RFC 3030 §2: after a chunk that was refused the server waits for RSET.
    finished = !chunked || reply.isPositive();
    if (reply.isServiceClosing()) {
      refusal = Optional.of(reply);
      wire.abort();
    }
    return reply;
  }

  private List<Command> commands() {
    MailCommands words = new MailCommands(envelope, content, capabilities);
    List<Command> commands = new ArrayList<>();
    commands.add(new Command(Verb.MAIL, -1, words.mail()));
    for (int i = 0; i < recipients.size(); i++) {
      commands.add(new Command(Verb.RCPT, i, words.rcpt(recipients.get(i))));
    }
    if (!capabilities.chunking()) {
      commands.add(new Command(Verb.DATA, -1, "DATA"));
    }
    return commands;
  }

  private List<List<Command>> groups(List<Command> commands) {
    List<List<Command>> groups = new ArrayList<>();
    int octets = 0;
    for (Command command : commands) {
      octets += command.line().length();
      // What must be known before content is asked for is waited for.
      boolean waits =
          command.verb() == Verb.DATA && envelope.options().allOrNone() && recipients.size() > 1;
      if (groups.isEmpty() || !capabilities.pipelining() || octets > GROUP_OCTETS || waits) {
        groups.add(new ArrayList<>());
        octets = command.line().length();
      }
      groups.get(groups.size() - 1).add(command);
    }
    return groups;
  }

  private boolean isPointless(List<Command> group) {
    return refusal.isPresent() || (group.get(0).verb() == Verb.DATA && !mayBeSent());
  }

  private boolean mayBeSent() {
    return refusal.isEmpty() && anyAccepted() && whyHeldBack().isEmpty();
  }

  /** The refusal for which nobody gets the mail, where all get it or none. */
  private Optional<SmtpReply> whyHeldBack() {
    return envelope.options().allOrNone()
        ? recipientReplies.values().stream().filter(reply -> !reply.isPositive()).findFirst()
        : Optional.empty();
  }

  private void exchange(List<Command> group) throws SmtpException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    group.forEach(command -> lines.writeBytes(Wire.line(command.line())));
    String first = group.get(0).verb().name();
    wire.write(first, lines.toByteArray(), 0, lines.size(), timeouts.mail());
    for (Command command : group) {
      SmtpReply reply = wire.reply(command.verb().name(), limit(command.verb()));
      if (reply.isServiceClosing()) {
        refusal = Optional.of(reply);
        wire.abort();
        return;
      }
      note(command, reply);
    }
  }

  private Duration limit(Verb verb) {
    return switch (verb) {
      case MAIL -> timeouts.mail();
      case RCPT -> timeouts.rcpt();
      case DATA -> timeouts.data();
    };
  }

  private void note(Command command, SmtpReply reply) throws SmtpException {
    boolean positive = command.verb() == Verb.DATA ? isGo(reply) : reply.isPositive();
    if (!positive && !reply.isTransient() && !reply.isPermanent()) {
      wire.abort();
      throw SmtpException.of(
          Kind.PROTOCOL, command.verb() + ": a reply that has no place here: " + reply.asText());
    }
    switch (command.verb()) {
      case MAIL -> mailAccepted = positive;
      case RCPT -> recipientReplies.put(command.recipient(), reply);
      case DATA -> mayWriteContent = positive;
    }
    if (!positive && command.verb() != Verb.RCPT && refusal.isEmpty()) {
      refusal = Optional.of(reply);
    }
  }

  private static boolean isGo(SmtpReply reply) {
    return reply.code() == START_MAIL_INPUT;
  }

  private boolean anyAccepted() {
    return recipientReplies.values().stream().anyMatch(SmtpReply::isPositive);
  }

  /** The server waits for content that we do not want to send any more (RFC 2920 §3.1). */
  private void endUnwanted() {
    if (anyAccepted()) {
      // It refused MAIL, yet took a recipient: an end now would deliver an empty mail.
      wire.abort();
      return;
    }
    try {
      wire.write("DATA", LONE_DOT, 0, LONE_DOT.length, timeouts.dataBlock());
      finished = !wire.reply("end of DATA", timeouts.finalDot()).isServiceClosing();
    } catch (SmtpException e) {
      // The connection is gone, but each recipient had its refusal before.
    }
    if (!finished) {
      wire.abort();
    }
  }

  private RecipientResult unsent(MailboxPath recipient) {
    return refusal.isPresent()
        ? result(recipient, refusal.get())
        : new HeldBack(recipient, whyHeldBack().orElseThrow());
  }

  /**
   * Puts together what was said to each recipient and what was said to all.
   *
   * @param common for the recipients that were not refused alone
   */
  private List<RecipientResult> results(Function<MailboxPath, RecipientResult> common) {
    List<RecipientResult> results = new ArrayList<>();
    for (int i = 0; i < recipients.size(); i++) {
      MailboxPath recipient = recipients.get(i);
      results.add(
          ownRefusal(i)
              .map(reply -> result(recipient, reply))
              .orElseGet(() -> common.apply(recipient)));
    }
    return results;
  }

  private boolean anyRefused() {
    return IntStream.range(0, recipients.size()).anyMatch(i -> ownRefusal(i).isPresent());
  }

  private Optional<SmtpReply> ownRefusal(int recipient) {
    // After a refused MAIL, replies to RCPT only say that the order of commands is wrong.
    return Optional.ofNullable(recipientReplies.get(recipient))
        .filter(reply -> mailAccepted && !reply.isPositive());
  }

  private RecipientResult result(MailboxPath recipient, SmtpReply reply) {
    return reply.isPositive()
        ? new Accepted(recipient, reply, capabilities.dsn())
        : new Refused(recipient, reply);
  }
}
