package org.jamessts.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Properties;
import org.jamessts.files.WholeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of the stored order in a file, for a start at which the store cannot be read. Not for use
 * by several threads.
 */
final class EnforcementCopy {

  private static final Logger LOG = LoggerFactory.getLogger(EnforcementCopy.class);
  private static final long MAX_OCTETS = 65_536;
  private static final String MODE = "mode";
  private static final String UNTIL = "until";
  private static final String COMMENT = "comment";
  private static final String CHANGED_BY = "changedBy";
  private static final String CHANGED_AT = "changedAt";

  private final Path file;
  private Optional<Optional<EnforcementOrder>> written = Optional.empty();

  /**
   * @param file its directory is made when it is not there
   */
  EnforcementCopy(Path file) {
    this.file = file;
  }

  /** The order as it was when the store answered last; none where that cannot be told. */
  Optional<EnforcementOrder> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_OCTETS) {
        throw new IOException("it is larger than " + MAX_OCTETS + " octets");
      }
      Properties values = new Properties();
      try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
        values.load(reader);
      }
      return Optional.of(order(values));
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      LOG.error("the copy {} of the order cannot be read: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private static EnforcementOrder order(Properties values) {
    String mode = values.getProperty(MODE, "");
    return new EnforcementOrder(
        Enforcement.of(mode)
            .orElseThrow(() -> new IllegalArgumentException("unknown mode " + mode)),
        Optional.ofNullable(values.getProperty(UNTIL)).map(Instant::parse),
        values.getProperty(COMMENT, ""),
        values.getProperty(CHANGED_BY, ""),
        Instant.parse(values.getProperty(CHANGED_AT, "")));
  }

  /** Follows the store. */
  void write(Optional<EnforcementOrder> order) {
    if (written.equals(Optional.of(order))) {
      return;
    }
    try {
      if (order.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        WholeFile.replace(file, text(order.get()));
      }
      written = Optional.of(order);
    } catch (IOException e) {
      LOG.warn("the order could not be copied to {}: {}", file, e.toString());
    }
  }

  private static byte[] text(EnforcementOrder order) throws IOException {
    Properties values = new Properties();
    values.setProperty(MODE, order.mode().keyword());
    order.until().ifPresent(until -> values.setProperty(UNTIL, until.toString()));
    values.setProperty(COMMENT, order.comment());
    values.setProperty(CHANGED_BY, order.changedBy());
    values.setProperty(CHANGED_AT, order.changedAt().toString());
    StringWriter text = new StringWriter();
    values.store(text, null);
    return text.toString().getBytes(UTF_8);
  }
}
