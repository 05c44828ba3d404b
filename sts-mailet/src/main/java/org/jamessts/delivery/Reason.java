package org.jamessts.delivery;

import java.util.Locale;
import java.util.Optional;
import org.jamessts.decide.FailureCode;
import org.jamessts.decide.Finding;
import org.jamessts.decide.Verdict;
import org.jamessts.dns.DomainName;
import org.jamessts.dsn.Diagnosis;
import org.jamessts.dsn.RemoteReply;
import org.jamessts.smtp.PrintableText;
import org.jamessts.smtp.SmtpReply;
import org.jamessts.tlsrpt.ResultType;
import org.slf4j.event.Level;

/**
 * Why a mail did not reach a recipient.
 *
 * @param kind who refused
 * @param queued basic and enhanced code while the mail waits, for example {@code 450 4.7.5}
 * @param ultimate the same when it is given up, for example {@code 550 5.7.5}
 * @param explanation for a person to read; made one line of printable ASCII and cut when long,
 *     whatever strangers have contributed, since it goes into logs, bounces and mail attributes
 * @param evidence what it was about, for programs
 */
public record Reason(
    Kind kind, String queued, String ultimate, String explanation, Evidence evidence) {

  private static final int MAX_SHOWN = 2000;

  public Reason {
    explanation = PrintableText.of(explanation, MAX_SHOWN);
  }

  /**
   * What a refusal was about, as far as there is such a thing.
   *
   * @param mx the host
   * @param policy what was asked of it
   * @param type what a TLS report calls it (RFC 8460 §4.3)
   * @param reply what a receiving server said; empty when nobody but we judged
   */
  public record Evidence(
      Optional<DomainName> mx,
      Optional<String> policy,
      Optional<ResultType> type,
      Optional<RemoteReply> reply) {
    static final Evidence NONE =
        new Evidence(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Who refused; a later kind tells more than an earlier one. */
  public enum Kind {
    /** Nobody: there was no place to try. */
    BUSY,
    /** Nobody: a host or the DNS could not be reached. */
    UNREACHABLE,
    /** A receiving server. */
    REPLY,
    /** The operator of this server, by an override. */
    OPERATOR,
    /** The domain's policy, as judged here. */
    POLICY,
    /** Nobody for now: the domain does not exist. */
    NO_SUCH_DOMAIN,
    /** The domain's records, or the mail itself, for good. */
    FINAL;

    /** In a mail's attribute, for example {@code no-such-domain}. */
    String keyword() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A host breaks the domain's policy, or what the operator demands. */
  static Reason of(Verdict.NextHost refused, Need need) {
    Finding finding = refused.cause();
    return new Reason(
        refused.operators() ? Kind.OPERATOR : Kind.POLICY,
        finding.code().queued(),
        finding.code().ultimate(),
        finding.explanation()
            + (refused.operators() ? " (demanded by the operator of this server)" : ""),
        new Evidence(
            Optional.of(need.host()),
            Optional.of(PrintableText.of(need.requirement().describe(), MAX_SHOWN)),
            Optional.of(finding.type()),
            Optional.empty()));
  }

  /** Something could not be reached or asked. */
  static Reason unreachable(FailureCode code, String explanation) {
    return ours(Kind.UNREACHABLE, code.queued(), code.ultimate(), explanation);
  }

  /** Nothing could be tried. */
  static Reason busy(String explanation) {
    FailureCode code = FailureCode.BUSY;
    return ours(Kind.BUSY, code.queued(), code.ultimate(), explanation);
  }

  /** The domain does not exist. */
  static Reason noSuchDomain(String explanation) {
    return ours(Kind.NO_SUCH_DOMAIN, "450 4.1.2", "550 5.1.2", explanation);
  }

  /** The domain's records, or the mail itself, rule out any delivery. */
  static Reason ruledOut(String code, String explanation) {
    return ours(Kind.FINAL, code, code, explanation);
  }

  /**
   * A server's negative reply. While the mail waits the class is 4, also when a host refused for
   * good to talk at all, since another may not; when it is given up the class is 5. The detail
   * stays.
   */
  static Reason of(DomainName host, SmtpReply reply) {
    String said = reply.code() + reply.enhanced().map(status -> " " + status).orElse("");
    String detail = reply.enhanced().map(status -> status.toString().substring(1)).orElse("");
    String queued = detail.isEmpty() ? "450" : "450 4" + detail;
    String ultimate = "550 5" + (detail.isEmpty() ? ".4.7" : detail);
    return new Reason(
        Kind.REPLY,
        reply.isPermanent() ? queued : said,
        reply.isPermanent() ? said : ultimate,
        host + " said: " + reply.asText(),
        new Evidence(
            Optional.of(host),
            Optional.empty(),
            Optional.empty(),
            reply.isFromServer()
                ? Optional.of(new RemoteReply(host.value(), reply.asText()))
                : Optional.empty()));
  }

  /** No reason at all, told in the same way: a server has taken the mail. */
  static Diagnosis success(DomainName host, SmtpReply reply) {
    return new Diagnosis(
        reply.code() + reply.enhanced().map(status -> " " + status).orElse(""),
        host + " said: " + reply.asText(),
        false,
        Optional.of(new RemoteReply(host.value(), reply.asText())));
  }

  /** A host lacks an extension that the mail needs. */
  static Reason incapable(DomainName host, SmtpReply reply) {
    String code = reply.code() + reply.enhanced().map(status -> " " + status).orElse("");
    return ruledOut(code, host + ": " + reply.asText().substring(code.length()).strip());
  }

  /** A host refused somebody else, and all recipients get the mail or none (sendpartial). */
  static Reason heldBack(DomainName host, SmtpReply refusal) {
    return ours(
        Kind.REPLY,
        "450 4.5.0",
        "550 5.5.0",
        "sendpartial=false, and " + host + " refused another recipient: " + refusal.asText());
  }

  /** Something of our own is broken, which is never the mail's fault. */
  static Reason ownTrouble(Exception cause) {
    String text = Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    return unreachable(
        FailureCode.LOCAL, "this server could not process the mail: " + PrintableText.of(text));
  }

  private static Reason ours(Kind kind, String queued, String ultimate, String explanation) {
    return new Reason(kind, queued, ultimate, explanation, Evidence.NONE);
  }

  /** Who is to act on it: an error is ours to mend, anything else is told. */
  Level level() {
    boolean ours = kind == Kind.UNREACHABLE && queued.equals(FailureCode.LOCAL.queued());
    return ours ? Level.ERROR : Level.INFO;
  }

  /** As a log line has it. */
  LogLine forLog() {
    return LogLine.of("kind", kind.keyword())
        .with("mx", evidence.mx().map(DomainName::value))
        .with("result", evidence.type().map(ResultType::keyword))
        .with("reason", explanation);
  }

  /** What a sender is told while the mail waits. */
  Diagnosis whileQueued() {
    return diagnosis(queued);
  }

  /** What a sender is told when the mail is given up. */
  Diagnosis inTheEnd() {
    return diagnosis(ultimate);
  }

  private Diagnosis diagnosis(String code) {
    boolean underPolicy = kind == Kind.POLICY || kind == Kind.OPERATOR;
    return new Diagnosis(code, explanation, underPolicy, evidence.reply());
  }

  /** Which of two reasons to tell: the one that says more, the later one among equals. */
  Reason orBetter(Reason other) {
    return other.kind.compareTo(kind) >= 0 ? other : this;
  }
}
