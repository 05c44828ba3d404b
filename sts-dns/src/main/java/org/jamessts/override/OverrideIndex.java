package org.jamessts.override;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;

/** Overrides, arranged for look-ups along the labels of a name. Never changes. */
final class OverrideIndex {

  private final Map<String, List<DomainOverride>> exact = new HashMap<>();
  private final Map<String, List<DomainOverride>> below = new HashMap<>();

  /**
   * @param stored counts before a file's of the same pattern
   * @param file the file's
   */
  OverrideIndex(Collection<StoredOverride> stored, Collection<StoredOverride> file) {
    stored.forEach(this::add);
    file.forEach(this::add);
  }

  private void add(StoredOverride stored) {
    DomainPattern pattern = stored.override().pattern();
    (pattern.subdomains() ? below : exact)
        .computeIfAbsent(pattern.name().value(), name -> new ArrayList<>(1))
        .add(stored.override());
  }

  /** The most specific one that applies. */
  Optional<DomainOverride> find(DomainName domain, Instant now) {
    String name = domain.value();
    Optional<DomainOverride> found = first(exact, name, now);
    if (found.isPresent() || below.isEmpty()) {
      return found;
    }
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      found = first(below, name.substring(dot + 1), now);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<DomainOverride> first(
      Map<String, List<DomainOverride>> overrides, String name, Instant now) {
    for (DomainOverride override : overrides.getOrDefault(name, List.of())) {
      if (override.appliesAt(now)) {
        return Optional.of(override);
      }
    }
    return Optional.empty();
  }
}
