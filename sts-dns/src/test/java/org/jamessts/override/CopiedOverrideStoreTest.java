package org.jamessts.override;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jamessts.override.MemoryOverrideStore.Behaviour;
import org.jamessts.store.EmbeddedDatabase;
import org.jamessts.store.Stores;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiedOverrideStoreTest {

  @TempDir Path directory;
  private final SettableClock clock = new SettableClock();
  private final MemoryOverrideStore database = new MemoryOverrideStore();

  private CopiedOverrideStore atStart() {
    return copied(database, Optional::empty);
  }

  private CopiedOverrideStore copied(OverrideStore store, Supplier<Optional<String>> damage) {
    return new CopiedOverrideStore(store, damage, directory.resolve("var/copy.json"), clock);
  }

  private void put(String pattern) {
    database.put(new StoredOverride(OverridesTest.minimum(pattern), "alice", clock.instant()));
  }

  private static List<String> patterns(OverrideStore store) {
    return store.all().stream().map(one -> one.override().pattern().toString()).sorted().toList();
  }

  @Test
  void allShouldBeThatOfTheCopyWhenTheStoreCannotBeReadAtTheStart() {
    put("a.example");
    put("*.b.example");
    patterns(atStart());

    database.will(Behaviour.THROWS);

    assertThat(patterns(atStart())).containsExactly("*.b.example", "a.example");
  }

  @Test
  void allShouldFollowTheStoreAgainOnceItAnswers() {
    put("a.example");
    patterns(atStart());
    database.will(Behaviour.THROWS);
    CopiedOverrideStore restarted = atStart();
    patterns(restarted);

    database.will(Behaviour.WORKS);
    database.remove(OverridesTest.minimum("a.example").pattern());

    assertThat(patterns(restarted)).isEmpty();
    database.will(Behaviour.THROWS);
    // What was removed must not come back from an old copy.
    assertThatThrownBy(() -> patterns(atStart())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void allShouldFailAsTheStoreDoesWhenItHasAnswered() {
    put("a.example");
    CopiedOverrideStore store = atStart();
    patterns(store);

    database.will(Behaviour.THROWS);

    assertThatThrownBy(store::all).isInstanceOf(IllegalStateException.class);
  }

  private CopiedOverrideStore copied(Stores stores) {
    return copied(stores.overrides(), stores::damage);
  }

  private Stores open() {
    return new Stores(new EmbeddedDatabase(directory, clock), 10, clock);
  }

  @Test
  void whatADamagedFileHeldShouldComeBackFromTheCopyOnce() throws IOException {
    try (Stores stores = open()) {
      CopiedOverrideStore before = copied(stores);
      before.put(new StoredOverride(OverridesTest.minimum("a.example"), "alice", clock.instant()));
      assertThat(patterns(before)).containsExactly("a.example");
    }
    Files.write(directory.resolve("sts.mv.db"), new byte[8192]);

    try (Stores stores = open()) {
      CopiedOverrideStore after = copied(stores);
      assertThat(patterns(after)).containsExactly("a.example");
      assertThat(patterns(stores.overrides())).as("the store has it").containsExactly("a.example");

      after.remove(OverridesTest.minimum("a.example").pattern());
      assertThat(patterns(after)).as("as told").isEmpty();
    }
  }

  @Test
  void copyThatIsDamagedShouldBeNone() throws IOException {
    put("a.example");
    patterns(atStart());
    Files.writeString(directory.resolve("var/copy.json"), "{\"overrides\":[");
    database.will(Behaviour.THROWS);

    assertThatThrownBy(() -> atStart().all()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void copyThatCannotBeWrittenShouldNotMatter() throws IOException {
    Files.writeString(directory.resolve("var"), "in the way");
    put("a.example");

    assertThat(patterns(atStart())).containsExactly("a.example");
  }
}
