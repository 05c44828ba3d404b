package org.jamessts.override;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jamessts.files.WholeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store of which this server keeps a copy in a file, for a start at which the store cannot be
 * read: what the operator demands of domains must not lapse because a database is late. After the
 * store has answered once, memory has its content, and the copy only follows.
 */
public final class CopiedOverrideStore implements OverrideStore {

  private static final Logger LOG = LoggerFactory.getLogger(CopiedOverrideStore.class);

  private final OverrideStore store;
  private final Supplier<Optional<String>> damage;
  private final Path copy;
  private final Clock clock;
  private String written = "";
  private boolean answered;
  private boolean restored;

  /**
   * @param store the store itself
   * @param damage says what the store has lost since the start of this process: then it gets back
   *     what the copy has
   * @param copy its directory is made when it is not there
   * @param clock tells when the copy was read
   */
  public CopiedOverrideStore(
      OverrideStore store, Supplier<Optional<String>> damage, Path copy, Clock clock) {
    this.store = store;
    this.damage = damage;
    this.copy = copy;
    this.clock = clock;
  }

  @Override
  public synchronized List<StoredOverride> all() {
    List<StoredOverride> all;
    try {
      all = store.all();
    } catch (IllegalStateException e) {
      if (answered) {
        throw e;
      }
      return copied(e);
    }
    if (all.isEmpty() && !restored && damage.get().isPresent()) {
      all = restored();
    }
    answered = true;
    write(all);
    return all;
  }

  /** What the operator demands must not go with a file. */
  private List<StoredOverride> restored() {
    List<StoredOverride> back = new ArrayList<>();
    try {
      back.addAll(read());
    } catch (InvalidOverrideFileException e) {
      LOG.warn("the store has lost its overrides, and there is no copy: {}", e.getMessage());
    }
    restored = back.stream().allMatch(store::put);
    if (!back.isEmpty()) {
      LOG.warn("the store has lost its overrides; {} are put back from {}", back.size(), copy);
    }
    return back;
  }

  private List<StoredOverride> read() throws InvalidOverrideFileException {
    List<StoredOverride> copied = new ArrayList<>();
    for (DomainOverride override : new OverrideFile(copy).read()) {
      copied.add(new StoredOverride(override, "copy of the store", clock.instant()));
    }
    return copied;
  }

  private List<StoredOverride> copied(IllegalStateException cause) {
    try {
      List<StoredOverride> copied = read();
      LOG.warn(
          "stored overrides cannot be read ({}); {} of them hold as they were copied to {}",
          cause.getMessage(),
          copied.size(),
          copy);
      return copied;
    } catch (InvalidOverrideFileException e) {
      LOG.warn("there is no copy of the stored overrides: {}", e.getMessage());
      throw cause;
    }
  }

  private void write(List<StoredOverride> all) {
    String text =
        all.stream()
            .sorted((a, b) -> a.override().pattern().compareTo(b.override().pattern()))
            .map(stored -> stored.override().toJson())
            .collect(Collectors.joining(",\n", "{\"overrides\":[\n", "\n]}\n"));
    if (text.equals(written)) {
      return;
    }
    try {
      if (all.isEmpty()) {
        Files.deleteIfExists(copy);
      } else {
        WholeFile.replace(copy, text.getBytes(UTF_8));
      }
      written = text;
    } catch (IOException e) {
      LOG.warn("stored overrides could not be copied to {}: {}", copy, e.toString());
    }
  }

  @Override
  public boolean put(StoredOverride stored) {
    return store.put(stored);
  }

  @Override
  public boolean remove(DomainPattern pattern) {
    return store.remove(pattern);
  }
}
