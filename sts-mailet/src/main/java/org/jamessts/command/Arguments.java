package org.jamessts.command;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the command line says.
 *
 * @param command what is wanted
 * @param subject of which domain or file
 * @param connect whether hosts are contacted
 * @param json whether the answer is JSON
 * @param webadmin which James is asked; none for the one whose files are here
 * @param tokenFile a file with the token that the webadmin wants, whichever is asked
 */
record Arguments(
    Command command,
    String subject,
    boolean connect,
    boolean json,
    Optional<URI> webadmin,
    Optional<Path> tokenFile) {

  static final String USAGE =
      """
      usage: sts explain DOMAIN [--connect] [--json] [--webadmin URL] [--token-file FILE]
             sts policy DOMAIN [--json] [--webadmin URL] [--token-file FILE]
             sts report FILE
      """;

  enum Command {
    EXPLAIN,
    POLICY,
    REPORT
  }

  /** The words make no sense; the message says which. */
  static final class MisusedException extends Exception {
    private static final long serialVersionUID = 1L;

    MisusedException(String message) {
      super(message);
    }
  }

  static Arguments parse(String... words) throws MisusedException {
    Optional<Command> command = Optional.empty();
    Optional<String> subject = Optional.empty();
    boolean connect = false;
    boolean json = false;
    Optional<URI> webadmin = Optional.empty();
    Optional<Path> tokenFile = Optional.empty();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      switch (word) {
        case "--connect" -> connect = true;
        case "--json" -> json = true;
        case "--webadmin" -> webadmin = Optional.of(value(words, ++i, Arguments::url));
        case "--token-file" -> tokenFile = Optional.of(value(words, ++i, Path::of));
        default -> {
          if (word.startsWith("-")) {
            throw new MisusedException("unknown option " + word);
          } else if (command.isEmpty()) {
            command = Optional.of(command(word));
          } else if (subject.isEmpty()) {
            subject = Optional.of(word);
          } else {
            throw new MisusedException("one word too many: " + word);
          }
        }
      }
    }
    Command wanted = command.orElseThrow(() -> new MisusedException("no command"));
    String of = subject.orElseThrow(() -> new MisusedException("nothing to look at"));
    if (connect && wanted != Command.EXPLAIN) {
      throw new MisusedException("--connect goes with explain");
    }
    if (wanted == Command.REPORT && (json || webadmin.isPresent() || tokenFile.isPresent())) {
      throw new MisusedException("report knows no options");
    }
    return new Arguments(wanted, of, connect, json, webadmin, tokenFile);
  }

  private static Command command(String word) throws MisusedException {
    return switch (word) {
      case "explain" -> Command.EXPLAIN;
      case "policy" -> Command.POLICY;
      case "report" -> Command.REPORT;
      default -> throw new MisusedException("unknown command " + word);
    };
  }

  private static <T> T value(String[] words, int at, Function<String, T> read)
      throws MisusedException {
    String option = words[at - 1];
    if (at == words.length) {
      throw new MisusedException(option + " wants a value");
    }
    try {
      return read.apply(words[at]);
    } catch (IllegalArgumentException e) {
      throw new MisusedException(option + " " + words[at] + ": " + e.getMessage());
    }
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException | InvalidPathException e) {
      // Said below.
    }
    throw new IllegalArgumentException("allowed is a URL such as http://127.0.0.1:8000");
  }
}
