package org.jamessts.dns;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.DnsAnswer.Failure;
import org.jamessts.dns.DnsAnswer.Security;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Finds the records of a name, following its CNAMEs through one answer or several (RFC 1034 §3.6.2,
 * §4.3.2), and works out for how long the outcome holds.
 */
final class DnsLookup {

  /** Aliases followed for one question: more than any sane zone has, fewer than hurt. */
  private static final int MAX_ALIASES = 16;

  /** Records taken from one answer; the rest is left. Nobody tries a hundred addresses. */
  private static final int MAX_RECORDS = 100;

  /** Larger answers are asked for anew each time, so that strangers cannot fill our memory. */
  private static final int MAX_KEPT_OCTETS = 4096;

  private static final long MAX_KEPT_SECONDS = Duration.ofDays(1).toSeconds();

  /** What is absent now may appear: keep that short (RFC 2308 §5). */
  private static final long MAX_ABSENCE_SECONDS = Duration.ofHours(1).toSeconds();

  private final DnsTransport transport;
  private final Duration timeout;

  DnsLookup(DnsTransport transport, Duration timeout) {
    this.transport = transport;
    this.timeout = timeout;
  }

  /** Answers a question within the timeout, whatever the number of servers and aliases. */
  DnsReply<Record> find(DnsQuestion question) {
    try {
      return new Walk(question, Deadline.after(timeout)).run();
    } catch (DnsFailureException e) {
      return DnsReply.failed(e.failure(), e.detail());
    }
  }

  /** One way along the aliases. */
  private final class Walk {
    private final DnsQuestion question;
    private final Deadline deadline;
    private final Set<Name> visited = new HashSet<>();
    private Name current;
    private long seconds = MAX_KEPT_SECONDS;

    Walk(DnsQuestion question, Deadline deadline) {
      this.question = question;
      this.deadline = deadline;
      this.current = question.name();
    }

    DnsReply<Record> run() throws DnsFailureException {
      while (true) {
        Message answer = transport.ask(question.at(current).toRecord(), deadline);
        Name asked = current;
        List<Record> found = walk(answer);
        boolean exists = answer.getRcode() == Rcode.NOERROR;
        if (!found.isEmpty()) {
          if (!exists) {
            throw malformed("records together with NXDOMAIN");
          }
          found.forEach(record -> seconds = Math.min(seconds, ttl(record)));
          return new DnsReply<>(
              new DnsAnswer.Found<>(
                  found.subList(0, Math.min(found.size(), MAX_RECORDS)),
                  Security.INSECURE,
                  alias()),
              keep(answer));
        }
        Optional<SOARecord> soa = soa(answer);
        // Aliases that end nowhere, without a word on the last name: the server has followed them
        // only so far.
        if (exists && soa.isEmpty() && !asked.equals(current)) {
          continue;
        }
        seconds = Math.min(seconds, soa.map(DnsLookup::negativeTtl).orElse(0L));
        return new DnsReply<>(new DnsAnswer.Absent<>(exists, Security.INSECURE), keep(answer));
      }
    }

    /** Goes along the aliases of one message, and returns the records at the end of them. */
    private List<Record> walk(Message answer) throws DnsFailureException {
      while (true) {
        List<Record> found = records(answer, question.type());
        if (!found.isEmpty()) {
          return found;
        }
        List<Record> aliases = records(answer, Type.CNAME);
        if (aliases.isEmpty()) {
          return List.of();
        }
        if (aliases.size() > 1) {
          throw malformed("several CNAMEs at " + current.toString(true)); // RFC 2181 §10.1
        }
        if (!visited.add(current)) {
          throw malformed("a CNAME loop at " + current.toString(true));
        }
        if (visited.size() > MAX_ALIASES) {
          throw malformed("more than " + MAX_ALIASES + " CNAMEs in a row");
        }
        seconds = Math.min(seconds, ttl(aliases.get(0)));
        current = ((CNAMERecord) aliases.get(0)).getTarget();
      }
    }

    private Optional<String> alias() {
      return visited.isEmpty() ? Optional.empty() : Optional.of(current.toString(true));
    }

    private List<Record> records(Message answer, int type) {
      return answer.getSection(Section.ANSWER).stream()
          .filter(record -> record.getType() == type && record.getDClass() == DClass.IN)
          .filter(record -> record.getName().equals(current))
          .distinct()
          .toList();
    }

    private Optional<SOARecord> soa(Message answer) {
      return answer.getSection(Section.AUTHORITY).stream()
          .filter(SOARecord.class::isInstance)
          .map(SOARecord.class::cast)
          .filter(soa -> current.subdomain(soa.getName()))
          .findFirst();
    }

    private Duration keep(Message answer) {
      return answer.numBytes() > MAX_KEPT_OCTETS ? Duration.ZERO : Duration.ofSeconds(seconds);
    }

    private DnsFailureException malformed(String detail) {
      return new DnsFailureException(
          Failure.MALFORMED,
          Type.string(question.type()) + " of " + question.name().toString(true) + ": " + detail);
    }
  }

  /** RFC 2308 §5. */
  private static long negativeTtl(SOARecord soa) {
    return Math.min(MAX_ABSENCE_SECONDS, Math.min(ttl(soa), soa.getMinimum()));
  }

  /** A TTL with the highest bit set means zero (RFC 2181 §8). */
  private static long ttl(Record record) {
    return record.getTTL() > Integer.MAX_VALUE ? 0 : record.getTTL();
  }
}
