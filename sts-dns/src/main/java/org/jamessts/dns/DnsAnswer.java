package org.jamessts.dns;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The answer to one question about one name. The three cases are kept apart because senders must
 * treat them differently: what exists is used, what does not exist is a fact about the domain, and
 * a failure is no fact at all (RFC 7672 §2.1.1).
 *
 * @param <T> what a record of the asked type holds
 */
public sealed interface DnsAnswer<T> {

  /** The same answer with its records read in another way. */
  <R> DnsAnswer<R> map(Function<T, R> read);

  /** Whether DNSSEC proves the answer (RFC 4035 §4.3). Bogus answers are a {@link Failed}. */
  enum Security {
    SECURE,
    INSECURE
  }

  /** Why nobody could tell. */
  enum Failure {
    /** The server said SERVFAIL, REFUSED or the like. */
    SERVER_FAILURE,
    /** No answer in time. */
    TIMEOUT,
    /** The network or the local socket failed. */
    NETWORK,
    /** An answer that is not DNS, loops, or does not answer the question. */
    MALFORMED,
    /** DNSSEC disproves the answer. */
    BOGUS
  }

  /**
   * Records exist.
   *
   * @param records at least one, in the order of the answer
   * @param security whether DNSSEC proves them, and every alias on the way to them
   * @param alias where the asked name is an alias: the name at the end of its CNAMEs, without the
   *     root dot; it need not be a host name
   */
  record Found<T>(List<T> records, Security security, Optional<String> alias)
      implements DnsAnswer<T> {
    public Found {
      records = List.copyOf(records);
      if (records.isEmpty()) {
        throw new IllegalArgumentException("a found answer has records");
      }
    }

    /** Records of the asked name itself. */
    public Found(List<T> records, Security security) {
      this(records, security, Optional.empty());
    }

    /** The alias where it is a host name. */
    public Optional<DomainName> aliasHost() {
      try {
        return alias.isPresent() ? Optional.of(DomainName.parse(alias.get())) : Optional.empty();
      } catch (InvalidDomainNameException e) {
        return Optional.empty();
      }
    }

    @Override
    public <R> DnsAnswer<R> map(Function<T, R> read) {
      return new Found<>(records.stream().map(read).toList(), security, alias);
    }
  }

  /**
   * No such records exist.
   *
   * @param nameExists true for NODATA (the name exists, with other records), false for NXDOMAIN
   * @param security whether DNSSEC proves the absence
   */
  record Absent<T>(boolean nameExists, Security security) implements DnsAnswer<T> {
    @Override
    public <R> DnsAnswer<R> map(Function<T, R> read) {
      return new Absent<>(nameExists, security);
    }
  }

  /**
   * Nobody could tell.
   *
   * @param failure the kind
   * @param detail what happened, for a person to read
   */
  record Failed<T>(Failure failure, String detail) implements DnsAnswer<T> {
    @Override
    public <R> DnsAnswer<R> map(Function<T, R> read) {
      return new Failed<>(failure, detail);
    }
  }
}
