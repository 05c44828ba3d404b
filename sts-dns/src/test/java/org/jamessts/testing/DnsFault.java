package org.jamessts.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What a {@link PrivateDns} does instead of giving the right answer. Each fault is a value that
 * turns the right answer into the octets that leave, or into silence.
 */
@FunctionalInterface
public interface DnsFault {

  /** The server cannot tell. */
  DnsFault SERVFAIL = rcode(Rcode.SERVFAIL);

  /** The server does not want to tell. */
  DnsFault REFUSED = rcode(Rcode.REFUSED);

  /** The server says nothing at all; over TCP it closes the connection. */
  DnsFault SILENCE = (answer, tcp) -> List.of();

  /** Every answer over UDP is cut to nothing and says so; TCP is fine. */
  DnsFault TRUNCATE_UDP = (answer, tcp) -> List.of((tcp ? answer : truncated(answer)).toWire());

  /** Octets that are no DNS message. */
  DnsFault GARBAGE =
      (answer, tcp) -> List.of("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII));

  /** A well-formed answer to a question with another id. */
  DnsFault WRONG_ID =
      tamper(
          answer -> {
            answer.getHeader().setID(answer.getHeader().getID() ^ 0x5555);
            return answer;
          });

  /** A well-formed answer to a question about another name. */
  DnsFault WRONG_QUESTION =
      tamper(
          answer -> {
            Record question = answer.getQuestion();
            Name other = Name.fromConstantString("another-name.example.");
            answer.removeAllRecords(Section.QUESTION);
            answer.addRecord(
                Record.newRecord(other, question.getType(), question.getDClass()),
                Section.QUESTION);
            return answer;
          });

  /** What an off-path forger does: wrong answers over UDP first, then the right one. */
  DnsFault FORGED_FIRST =
      (answer, tcp) -> {
        byte[] right = answer.toWire();
        return List.of(
            GARBAGE.apply(answer, tcp).get(0),
            WRONG_ID.apply(answer.clone(), tcp).get(0),
            WRONG_QUESTION.apply(answer.clone(), tcp).get(0),
            right);
      };

  /**
   * Turns the right answer into what leaves.
   *
   * @param answer the right answer, complete; the fault may change it
   * @param tcp whether the question came over TCP
   * @return the messages to send, one after the other; none for silence
   * @throws Exception when the fault itself breaks: the server then stays silent
   */
  List<byte[]> apply(Message answer, boolean tcp) throws Exception;

  /** An answer without records and with this response code. */
  static DnsFault rcode(int rcode) {
    return tamper(
        answer -> {
          for (int section = Section.ANSWER; section <= Section.AUTHORITY; section++) {
            answer.removeAllRecords(section);
          }
          answer.getHeader().setRcode(rcode);
          return answer;
        });
  }

  /** The right answer, late. */
  static DnsFault delay(Duration by) {
    return (answer, tcp) -> {
      Thread.sleep(by.toMillis());
      return List.of(answer.toWire());
    };
  }

  /** The right answer, changed. */
  static DnsFault tamper(UnaryOperator<Message> change) {
    return (answer, tcp) -> List.of(change.apply(answer).toWire());
  }

  /** The octets of the right answer, changed. */
  static DnsFault tamperWire(UnaryOperator<byte[]> change) {
    return (answer, tcp) -> List.of(change.apply(answer.toWire()));
  }

  private static Message truncated(Message answer) {
    for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
      for (Record record : List.copyOf(answer.getSection(section))) {
        if (record.getType() != Type.OPT) {
          answer.removeRecord(record, section);
        }
      }
    }
    answer.getHeader().setFlag(Flags.TC);
    return answer;
  }
}
