package org.jamessts.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamessts.testing.SamplePolicies.allOf;
import static org.jamessts.testing.SamplePolicies.draft;

import java.sql.SQLException;
import java.time.Duration;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.policy.KnownDraftPolicy.Standing;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.KnownPolicy;
import org.jamessts.policy.Slot;
import org.jamessts.testing.SamplePolicies;
import org.junit.jupiter.api.Test;

/** A database that an earlier version of this project made. */
interface MigrationContract extends StoreContract {

  /** As version 1 made them; written out, since a later version must not change what was. */
  private void tablesOfVersion1() throws SQLException {
    sql(
        "CREATE TABLE sts_schema (version INTEGER PRIMARY KEY,"
            + " applied_at TIMESTAMP WITH TIME ZONE NOT NULL)",
        "INSERT INTO sts_schema VALUES (1, CURRENT_TIMESTAMP)",
        "CREATE TABLE sts_policy (domain VARCHAR(253) PRIMARY KEY, id VARCHAR(32) NOT NULL,"
            + " body BYTEA NOT NULL, fetched_at TIMESTAMP WITH TIME ZONE NOT NULL,"
            + " expires_at TIMESTAMP WITH TIME ZONE NOT NULL)",
        "CREATE INDEX sts_policy_expires_at ON sts_policy (expires_at)");
  }

  private KnownPolicy keptByVersion1(String domain) throws SQLException {
    String text = "version: STSv1\nmode: enforce\nmx: mx." + domain + "\nmax_age: 604800\n";
    KnownPolicy policy =
        new KnownMtaStsPolicy(
            SamplePolicies.name(domain),
            "20261101",
            ((StsPolicyParse.Parsed) StsPolicy.parse(text.getBytes(UTF_8))).policy(),
            clock().instant());
    sql(
        "INSERT INTO sts_policy VALUES ('%s', '20261101', CAST('%s' AS BYTEA), '%s', '%s')"
            .formatted(domain, text, policy.fetchedAt(), policy.expiresAt()));
    return policy;
  }

  @Test
  default void policiesOfVersion1ShouldHoldAndBeRefreshed() throws SQLException {
    tablesOfVersion1();
    KnownPolicy first = keptByVersion1("a.example");
    KnownPolicy second = keptByVersion1("b.example");

    Server server = server();

    assertThat(server.policies.get(Slot.MTA_STS, first.domain())).contains(first);
    assertThat(allOf(server.policies)).containsExactlyInAnyOrder(first, second);
    clock().advance(Duration.ofMinutes(5));
    assertThat(server.refreshes.claim(clock().instant(), 10, Duration.ofMinutes(10)))
        .as("due, since nobody knows when")
        .containsExactlyInAnyOrder(first, second);
    KnownPolicy renewed = SamplePolicies.policy("a.example", clock().instant());
    assertThat(server.policies.put(renewed)).isTrue();
    assertThat(allOf(server().policies)).containsExactlyInAnyOrder(renewed, second);
    assertThat(server().policies.trouble()).isEmpty();
  }

  @Test
  default void updateThatWasInterruptedBeforeItWasNotedShouldBeMadeAgain() throws SQLException {
    tablesOfVersion1();
    KnownPolicy policy = keptByVersion1("a.example");
    KnownPolicy draft = draft("a.example", Standing.CONFIRMED, 1_000, clock().instant());
    Server before = server();
    assertThat(before.policies.put(draft)).isTrue();
    before.close();
    sql("DELETE FROM sts_schema WHERE version > 1");

    Server after = server();

    assertThat(allOf(after.policies)).containsExactlyInAnyOrder(policy, draft);
    assertThat(after.policies.trouble()).isEmpty();
  }

  /** Somebody went back to an older version of this project. */
  @Test
  default void databaseOfANewerVersionShouldBeRefusedAndLeftAsItIs() throws SQLException {
    tablesOfVersion1();
    KnownPolicy policy = keptByVersion1("a.example");
    Server before = server();
    assertThat(allOf(before.policies)).containsExactly(policy);
    before.close();
    sql("INSERT INTO sts_schema VALUES (9999, CURRENT_TIMESTAMP)");

    Server older = server();

    assertThat(older.policies.get(Slot.MTA_STS, policy.domain())).isEmpty();
    assertThat(older.policies.trouble())
        .hasValueSatisfying(
            trouble ->
                assertThat(trouble).contains("have version 9999", "was used by a newer one"));
    older.close();
    sql("DELETE FROM sts_schema WHERE version = 9999");
    assertThat(allOf(server().policies)).containsExactly(policy);
  }
}
