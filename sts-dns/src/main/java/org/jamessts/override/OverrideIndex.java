package org.jamessts.override;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Those that apply, the most specific first. */
  List<DomainOverride> find(DomainName domain, Instant now) {
    if (exact.isEmpty() && below.isEmpty()) {
      return List.of();
    }
    String name = domain.value();
    List<DomainOverride> found = new ArrayList<>(1);
    collect(exact, name, now, found);
    if (!below.isEmpty()) {
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        collect(below, name.substring(dot + 1), now, found);
      }
    }
    return found;
  }

  private static void collect(
      Map<String, List<DomainOverride>> overrides,
      String name,
      Instant now,
      List<DomainOverride> found) {
    for (DomainOverride override : overrides.getOrDefault(name, List.of())) {
      if (override.appliesAt(now)) {
        found.add(override);
      }
    }
  }
}
