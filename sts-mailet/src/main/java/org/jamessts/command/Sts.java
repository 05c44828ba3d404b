package org.jamessts.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.explain.ExplainedDelivery;
import org.jamessts.guice.LocalWorld;
import org.jamessts.settings.InvalidSettingException;
import org.jamessts.smtp.PrintableText;
import org.jamessts.tlsrpt.receive.ReceivedReport;
import org.jamessts.tlsrpt.receive.ReportReader;
import org.jamessts.tlsrpt.receive.UnreadableReportException;
import org.jamessts.webadmin.PolicyDto;

/** The command {@code sts}. */
public final class Sts {

  /** James's own, with which it finds its files. */
  private static final String WORKING_DIRECTORY = "working.directory";

  private static final String LOGBACK = "logback.configurationFile";

  private final PrintStream out;
  private final PrintStream err;
  private final Path workingDirectory;

  Sts(PrintStream out, PrintStream err, Path workingDirectory) {
    this.out = out;
    this.err = err;
    this.workingDirectory = workingDirectory;
  }

  /**
   * Runs the command and ends the process with its status.
   *
   * @param words as in {@link Arguments#USAGE}
   */
  public static void main(String[] words) {
    if (System.getProperty(LOGBACK) == null) {
      System.setProperty(LOGBACK, "org/jamessts/command/logback.xml");
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Path directory = Path.of(System.getProperty(WORKING_DIRECTORY, "."));
    System.exit(new Sts(out, err, directory).run(words).code());
  }

  Status run(String... words) {
    try {
      Arguments arguments = Arguments.parse(words);
      return switch (arguments.command()) {
        case EXPLAIN -> explain(arguments, domain(arguments));
        case POLICY -> policy(arguments, domain(arguments));
        case REPORT -> report(arguments.subject());
      };
    } catch (Arguments.MisusedException e) {
      err.println("sts: " + PrintableText.of(String.valueOf(e.getMessage())));
      err.print(Arguments.USAGE);
      return Status.USAGE;
    } catch (InvalidSettingException | UnansweredException | ConfigurationException e) {
      err.println("sts: " + e.getMessage());
      return Status.UNKNOWN;
    } catch (RuntimeException e) {
      // Whatever breaks, it is no verdict.
      err.println("sts: it could not be found out: " + PrintableText.of(String.valueOf(e)));
      return Status.UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Status.UNKNOWN;
    }
  }

  private static DomainName domain(Arguments arguments) throws Arguments.MisusedException {
    try {
      return DomainName.parseInternational(arguments.subject());
    } catch (InvalidDomainNameException e) {
      throw new Arguments.MisusedException(String.valueOf(e.getMessage()));
    }
  }

  /** What is asked of a James, or of its files. */
  private interface Question<T> {
    Optional<T> ofFiles(LocalWorld world)
        throws ConfigurationException, UnansweredException, InterruptedException;

    String path();

    Class<T> type();
  }

  private <T> Optional<T> ask(Arguments arguments, Question<T> question)
      throws ConfigurationException, UnansweredException, InterruptedException {
    if (arguments.webadmin().isPresent()) {
      return ask(new Webadmin(arguments.webadmin().get(), arguments.tokenFile()), question);
    }
    try (LocalWorld world = LocalWorld.open(workingDirectory)) {
      return world.isStoreInUse()
          ? ask(new Webadmin(world.webadmin(), arguments.tokenFile()), question)
          : question.ofFiles(world);
    }
  }

  private static <T> Optional<T> ask(Webadmin webadmin, Question<T> question)
      throws UnansweredException, InterruptedException {
    Optional<String> answer = webadmin.get(question.path());
    return answer.isPresent()
        ? Optional.of(Webadmin.read(answer.get(), question.type()))
        : Optional.empty();
  }

  private Status explain(Arguments arguments, DomainName domain)
      throws ConfigurationException, UnansweredException, InterruptedException {
    ExplainedDelivery found =
        ask(
                arguments,
                new Question<ExplainedDelivery>() {
                  @Override
                  public Optional<ExplainedDelivery> ofFiles(LocalWorld world)
                      throws ConfigurationException, InterruptedException {
                    return world.dryRuns().explain(domain, arguments.connect());
                  }

                  @Override
                  public String path() {
                    return "/sts/explain/" + domain + "?connect=" + arguments.connect();
                  }

                  @Override
                  public Class<ExplainedDelivery> type() {
                    return ExplainedDelivery.class;
                  }
                })
            .orElseThrow(() -> new UnansweredException("that James knows no /sts/explain"));
    out.print(arguments.json() ? json(found) : found.toText());
    return switch (found.verdict().outcome()) {
      case DELIVERED, TRIED -> Status.GOOD;
      case DEFERRED, BOUNCED -> Status.BAD;
      case UNKNOWN -> Status.UNKNOWN;
    };
  }

  private Status policy(Arguments arguments, DomainName domain)
      throws ConfigurationException, UnansweredException, InterruptedException {
    Optional<PolicyDto> found =
        ask(
            arguments,
            new Question<PolicyDto>() {
              @Override
              public Optional<PolicyDto> ofFiles(LocalWorld world) throws UnansweredException {
                Optional<PolicyDto> policy =
                    PolicyDto.inForce(world.policies(), domain, Instant.now());
                if (policy.isEmpty() && !world.policies().canTell()) {
                  throw new UnansweredException(
                      world.policies().trouble().orElse("the store cannot be read"));
                }
                return policy;
              }

              @Override
              public String path() {
                return "/sts/policies/" + domain;
              }

              @Override
              public Class<PolicyDto> type() {
                return PolicyDto.class;
              }
            });
    if (found.isEmpty()) {
      err.println("sts: no policy of " + domain + " is kept");
      return Status.BAD;
    }
    out.print(arguments.json() ? json(found.get()) : text(found.get()));
    return Status.GOOD;
  }

  private static String text(PolicyDto policy) {
    return """
        %s: %s, id %s, mode %s
          mx: %s
          fetched at %s, holds until %s
        """
            .formatted(
                policy.domain(),
                policy.source(),
                policy.id().isEmpty() ? "(none)" : policy.id(),
                policy.mode(),
                String.join(", ", policy.mx()),
                policy.fetchedAt(),
                policy.expiresAt())
        + policy
            .text()
            .lines()
            .map(line -> "  | " + PrintableText.of(line) + "\n")
            .reduce("", String::concat);
  }

  private static String json(Object value) throws UnansweredException {
    try {
      return new JsonTransformer().render(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new UnansweredException("the answer cannot be written as JSON: " + e.getMessage());
    }
  }

  private Status report(String file) throws UnansweredException {
    byte[] octets;
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      octets = in.readNBytes(ReportReader.MAX_OCTETS + 1);
    } catch (IOException | InvalidPathException e) {
      throw new UnansweredException(PrintableText.of(file + " cannot be read: " + e));
    }
    try {
      ReceivedReport report = ReportReader.readAny(octets);
      out.print(ReportText.of(report));
      return report.failedSessions() == 0 ? Status.GOOD : Status.BAD;
    } catch (UnreadableReportException e) {
      throw new UnansweredException(PrintableText.of(file) + " is no report: " + e.reason());
    }
  }
}
