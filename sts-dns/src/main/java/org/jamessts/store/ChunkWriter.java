package org.jamessts.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * Writes what has changed in an open H2 file, so that it survives the death of the process. H2
 * writes chunks in two steps on threads of its own: one that is put together while the one before
 * is on its way to the file does not know that one, and H2 cannot open a file that ends so. The
 * next chunk makes up for it; what is written here ends with one that knows all others. Used by one
 * thread at a time.
 */
final class ChunkWriter {

  /** More than ever write in between, one after another. */
  private static final int TRIES = 1_000;

  private final MVStore store;

  /** Of the last chunk that is known to know all others. */
  private long complete = Long.MIN_VALUE;

  ChunkWriter(MVStore store) {
    this.store = store;
  }

  /** The file of a connection, opened. */
  static MVStore fileOf(Connection connection) throws SQLException {
    SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
    return session.getDatabase().getStore().getMvStore();
  }

  /**
   * Returns when all that was changed before the call is in the file.
   *
   * @throws SQLException when that is not known
   */
  void write() throws SQLException {
    try {
      for (int tries = 0; !isWritten(tries > 0); tries++) {
        if (tries == TRIES) {
          throw new SQLException(
              "the file is written to so often that no change can be seen in it");
        }
      }
      store.sync();
    } catch (MVStoreException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }

  /**
   * Writes one chunk after all that are on their way. That this one knows all others is sure when
   * it is the next in number: then none has come in between.
   *
   * @param always also when nothing has changed: others may have written the change, in a chunk
   *     that does not know the one before
   */
  private boolean isWritten(boolean always) {
    long[] last = new long[1];
    store.executeFilestoreOperation(() -> last[0] = store.getCurrentVersion());
    if (always && last[0] != complete) {
      // A change that changes nothing.
      store.setStoreVersion(store.getStoreVersion());
    }
    if (store.commit() == last[0] + 1) {
      complete = last[0] + 1;
      return true;
    }
    // Nothing was changed since then, or others have written.
    return store.getCurrentVersion() == complete;
  }
}
