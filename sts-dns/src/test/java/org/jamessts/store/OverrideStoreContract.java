package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jamessts.override.DomainOverride;
import org.jamessts.override.OverrideParse;
import org.jamessts.override.StoredOverride;
import org.junit.jupiter.api.Test;

/** What the operator said at run time, for all servers on the database. */
interface OverrideStoreContract extends StoreContract {

  private StoredOverride override(String json, String who) {
    OverrideParse parse = DomainOverride.parse(json.getBytes(UTF_8));
    return new StoredOverride(((OverrideParse.Parsed) parse).override(), who, clock().instant());
  }

  private StoredOverride minimum(String pattern) {
    return override(
        "{\"domain\":\"%s\",\"minimum\":\"verified\",\"comment\":\"Größe ☃\"}".formatted(pattern),
        "alice");
  }

  @Test
  default void overridesShouldComeBackAsTheyWere() {
    List<StoredOverride> overrides =
        List.of(
            minimum("a.example"),
            minimum("*.a.example"),
            override(
                "{\"domain\":\"b.example\",\"policy\":{\"mode\":\"enforce\",\"mx\":[\"*.mx\"]},"
                    + "\"until\":\"2030-01-01T00:00:00Z\"}",
                "böb"));
    Server server = server();
    assertThat(overrides).allSatisfy(one -> assertThat(server.overrides.put(one)).isTrue());

    assertThat(server().overrides.all()).containsExactlyInAnyOrderElementsOf(overrides);
  }

  @Test
  default void putShouldReplaceTheOverrideOfThePattern() {
    server().overrides.put(minimum("a.example"));
    server().overrides.put(minimum("*.a.example"));
    StoredOverride other =
        override(
            "{\"domain\":\"a.example\",\"policy\":{\"mode\":\"testing\",\"mx\":[\"mx\"]}}", "bob");

    assertThat(server().overrides.put(other)).isTrue();

    assertThat(server().overrides.all()).containsExactlyInAnyOrder(other, minimum("*.a.example"));
  }

  @Test
  default void manyPutsAtOnceShouldLeaveOneOverride() throws Exception {
    Server first = server();
    Server second = server();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Boolean>> puts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Server server = i % 2 == 0 ? first : second;
      puts.add(threads.submit(() -> server.overrides.put(minimum("a.example"))));
    }
    for (Future<Boolean> put : puts) {
      assertThat(put.get()).isTrue();
    }
    threads.shutdown();

    assertThat(first.overrides.all()).containsExactly(minimum("a.example"));
  }

  @Test
  default void removeShouldTakeOnePatternAndNoMore() {
    Server server = server();
    server.overrides.put(minimum("a.example"));
    server.overrides.put(minimum("*.a.example"));

    assertThat(server.overrides.remove(minimum("a.example").override().pattern())).isTrue();
    assertThat(server.overrides.remove(minimum("a.example").override().pattern()))
        .as("it is gone, as was wanted")
        .isTrue();

    assertThat(server().overrides.all()).containsExactly(minimum("*.a.example"));
  }

  @Test
  default void rowThatDoesNotReadAsAnOverrideShouldNotPassForNone() throws SQLException {
    Server server = server();
    server.overrides.put(minimum("a.example"));
    server.overrides.put(minimum("b.example"));
    sql("UPDATE sts_override SET body = CAST('ab' AS BYTEA) WHERE pattern = 'a.example'");

    assertThatIllegalStateException()
        .isThrownBy(server.overrides::all)
        .withMessageStartingWith("the stored override of a.example cannot be used: ");

    server.overrides.put(minimum("a.example"));
    assertThat(server.overrides.all()).hasSize(2);
  }

  @Test
  default void storeWithoutDatabaseShouldSayWhyAndChangeNothing() {
    Server server = serverWithoutDatabase();

    assertThatIllegalStateException()
        .isThrownBy(server.overrides::all)
        .withMessageStartingWith("policies cannot be read from the store: ");
    assertThat(server.overrides.put(minimum("a.example"))).isFalse();
    assertThat(server.overrides.remove(minimum("a.example").override().pattern())).isFalse();
  }
}
