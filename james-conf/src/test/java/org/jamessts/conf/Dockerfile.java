package org.jamessts.conf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Dockerfile says, as far as ours needs the language: FROM, COPY and ENV.
 *
 * @param base the image that it starts from
 * @param copies in their order
 * @param environment the variables, with references to others as they stand
 */
record Dockerfile(String base, List<Copy> copies, Map<String, String> environment) {

  private static final Pattern COPY = Pattern.compile("(?:--from=(\\S+) )?(\\S+) (\\S+)");
  private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=(\\S+)");

  /**
   * One COPY instruction.
   *
   * @param image the image to copy from, or empty for the build context
   * @param source a file or a directory
   * @param destination a directory when it ends in a slash, or when the source is one
   */
  record Copy(Optional<String> image, String source, String destination) {}

  static Dockerfile parse(Path file) throws IOException {
    String text = Files.readString(file).replaceAll("(?m)^#.*\n", "").replaceAll("\\\\\n\\s*", " ");
    String base = "";
    List<Copy> copies = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      String[] instruction = line.split(" ", 2);
      switch (instruction[0]) {
        case "FROM" -> base = instruction[1];
        case "COPY" -> copies.add(copy(instruction[1]));
        case "ENV" ->
            VARIABLE
                .matcher(instruction[1])
                .results()
                .forEach(variable -> environment.put(variable.group(1), variable.group(2)));
        default -> throw new IllegalArgumentException("What this does is not known here: " + line);
      }
    }
    return new Dockerfile(base, copies, environment);
  }

  /** The value of a variable that must be there. */
  String variable(String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The Dockerfile does not set " + name);
    }
    return value;
  }

  private static Copy copy(String arguments) {
    Matcher matcher = COPY.matcher(arguments);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("This form of COPY is not known here: " + arguments);
    }
    return new Copy(Optional.ofNullable(matcher.group(1)), matcher.group(2), matcher.group(3));
  }
}
