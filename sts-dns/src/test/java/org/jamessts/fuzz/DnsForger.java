package org.jamessts.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jamessts.fuzz.DnsTruth.Question;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * Answers with what an input says. The first octet of an input chooses what is asked. What follows
 * are forgeries: an octet chooses the question that is answered, 0 the one that is asked; two are a
 * length; then there are the octets of the message. Where the highest bit of the first octet is
 * set, they are no message but say of which records it is made. Several answers to one question are
 * given in turn, the last of them for ever. Whatever is not forged is true.
 */
final class DnsForger implements UnaryOperator<byte[]> {

  private static final int HEADER = 12;

  private final DnsTruth truth;
  private final Question asked;
  private final Map<Record, Deque<byte[]>> forgeries = new HashMap<>();

  DnsForger(DnsTruth truth, byte[] input) {
    this.truth = truth;
    ByteBuffer in = ByteBuffer.wrap(input);
    this.asked =
        DnsTruth.QUESTIONS.get(in.hasRemaining() ? next(in, DnsTruth.QUESTIONS.size()) : 0);
    while (in.remaining() > 3) {
      int head = in.get() & 0xff;
      int choice = (head & 0x7f) % (truth.all().size() + 1);
      Question question = choice == 0 ? asked : truth.all().get(choice - 1);
      byte[] octets = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
      in.get(octets);
      forgeries
          .computeIfAbsent(question.record(), any -> new ArrayDeque<>())
          .add(head < 0x80 ? octets : composed(question, octets));
    }
  }

  private static int next(ByteBuffer in, int bound) {
    return (in.get() & 0xff) % bound;
  }

  /** What is asked. */
  Question asked() {
    return asked;
  }

  /** Whether the answers to other questions are true: so what was learned from them is, too. */
  boolean leavesKeysAlone() {
    return Set.of(asked.record()).containsAll(forgeries.keySet());
  }

  @Override
  public byte[] apply(byte[] query) {
    Message parsed = DnsTruth.read(query);
    Deque<byte[]> forged = forgeries.get(Objects.requireNonNull(parsed.getQuestion()));
    byte[] answer = forged == null ? truth.answer(parsed) : given(forged);
    // Whoever forges has guessed the id.
    System.arraycopy(query, 0, answer, 0, Math.min(2, answer.length));
    return answer;
  }

  private static byte[] given(Deque<byte[]> forged) {
    byte[] answer = forged.size() > 1 ? forged.removeFirst() : forged.getFirst();
    return answer.clone();
  }

  /** Two octets are the header's flags; of each two that follow one chooses a record. */
  private byte[] composed(Question question, byte[] recipe) {
    ByteBuffer in = ByteBuffer.wrap(recipe);
    short flags = in.remaining() < 2 ? (short) 0x8000 : in.getShort();
    DNSOutput answers = new DNSOutput();
    DNSOutput authority = new DNSOutput();
    int[] counts = new int[2];
    while (in.remaining() >= 2) {
      Record record = truth.records().get(next(in, truth.records().size()));
      int change = in.get() & 0xff;
      counts[change & 1]++;
      write((change & 1) == 0 ? answers : authority, record, change >> 1, question.absolute());
    }
    DNSOutput message = new DNSOutput();
    message.writeU16(0);
    message.writeU16(flags & 0xffff);
    message.writeU16(1);
    message.writeU16(counts[0]);
    message.writeU16(counts[1]);
    message.writeU16(0);
    assert message.current() == HEADER;
    message.writeByteArray(question.record().toWire(0));
    message.writeByteArray(answers.toByteArray());
    message.writeByteArray(authority.toByteArray());
    return message.toByteArray();
  }

  /** As it is; with the owner that is asked for; without TTL; or with one bit of its data wrong. */
  private static void write(DNSOutput out, Record record, int change, Name asked) {
    Name owner = (change & 3) == 1 ? asked : record.getName();
    out.writeByteArray(owner.toWire());
    out.writeU16(record.getType());
    out.writeU16(record.getDClass());
    out.writeU32((change & 3) == 2 ? 0 : record.getTTL());
    byte[] data = record.rdataToWireCanonical();
    if ((change & 3) == 3 && data.length > 0) {
      data = Arrays.copyOf(data, data.length);
      data[(change >> 2) % data.length] ^= 1;
    }
    out.writeU16(data.length);
    out.writeByteArray(data);
  }
}
