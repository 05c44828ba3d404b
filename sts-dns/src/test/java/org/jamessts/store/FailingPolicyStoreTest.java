package org.jamessts.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jamessts.policy.PolicyStoreContract;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What a store keeps to while its database cannot be opened: memory is all it has. */
class FailingPolicyStoreTest implements PolicyStoreContract {

  private final SettableClock clock = new SettableClock();
  private Stores stores;

  @BeforeEach
  void open(@TempDir Path root) throws IOException {
    Path inTheWay = Files.writeString(root.resolve("sts"), "a file is in the way");
    stores = new Stores(new EmbeddedDatabase(inTheWay, clock), 100, clock);
  }

  @AfterEach
  void close() {
    stores.close();
  }

  @Override
  public JdbcPolicyStore store() {
    return stores.jdbcPolicies();
  }

  @Override
  public SettableClock clock() {
    return clock;
  }
}
