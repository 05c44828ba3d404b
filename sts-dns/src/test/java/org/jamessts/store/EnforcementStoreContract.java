package org.jamessts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jamessts.enforcement.Enforcement;
import org.jamessts.enforcement.EnforcementOrder;
import org.junit.jupiter.api.Test;

/** The one order that all servers on the database follow. */
interface EnforcementStoreContract extends StoreContract {

  private EnforcementOrder order(Enforcement mode) {
    return new EnforcementOrder(
        mode,
        Optional.of(clock().instant().plus(Duration.ofHours(1))),
        "Größe ☃",
        "böb",
        clock().instant());
  }

  @Test
  default void orderShouldComeBackAsItWasAtAnotherServer() {
    assertThat(server().enforcement.get()).isEmpty();
    for (Enforcement mode : Enforcement.values()) {
      assertThat(server().enforcement.put(order(mode))).isTrue();

      assertThat(server().enforcement.get()).contains(order(mode));
    }
    EnforcementOrder endless =
        new EnforcementOrder(Enforcement.OFF, Optional.empty(), "", "alice", clock().instant());
    assertThat(server().enforcement.put(endless)).isTrue();
    assertThat(server().enforcement.get()).contains(endless);
  }

  @Test
  default void removeShouldLeaveNone() {
    server().enforcement.put(order(Enforcement.OFF));

    assertThat(server().enforcement.remove()).isTrue();
    assertThat(server().enforcement.remove()).as("it is gone, as was wanted").isTrue();

    assertThat(server().enforcement.get()).isEmpty();
  }

  @Test
  default void orderOfANewerVersionShouldNotPassForNone() throws SQLException {
    Server server = server();
    server.enforcement.put(order(Enforcement.OFF));
    sql("UPDATE sts_enforcement SET mode = 'enforce-more'");

    assertThatIllegalStateException()
        .isThrownBy(server.enforcement::get)
        .withMessage("the stored order has the unknown mode enforce-more");
    assertThat(server.policies.trouble()).as("the database works").isEmpty();
  }

  @Test
  default void storeWithoutDatabaseShouldKnowNoOrderAndNotTheAbsenceOfOne() {
    Server server = serverWithoutDatabase();

    assertThatIllegalStateException().isThrownBy(server.enforcement::get);
    assertThat(server.enforcement.put(order(Enforcement.OFF))).isFalse();
    assertThat(server.enforcement.remove()).isFalse();
  }
}
