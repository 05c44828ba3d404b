package org.jamessts.store;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Writes the content of a mail into rows of the table {@code sts_deferred_part}, each as soon as it
 * is full. Used by one thread.
 */
final class PartWriter extends OutputStream {

  /** Octets of a row: few enough to be held in memory, and enough that a large mail is not slow. */
  static final int PART = 256 * 1024;

  static final String INSERT =
      "INSERT INTO sts_deferred_part (mail_id, part, octets) VALUES (?, ?, ?)";

  private final Connection connection;
  private final String id;
  private final BooleanSupplier wanted;
  private final byte[] part = new byte[PART];
  private int filled;
  private int parts;
  private long octets;
  private Optional<SQLException> failure = Optional.empty();

  /**
   * @param id of the mail, whose row is there already
   * @param wanted whether anybody still waits for the result; if not, writing fails
   */
  PartWriter(Connection connection, String id, BooleanSupplier wanted) {
    this.connection = connection;
    this.id = id;
    this.wanted = wanted;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] source, int from, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int some = Math.min(length - done, PART - filled);
      System.arraycopy(source, from + done, part, filled, some);
      filled += some;
      done += some;
      if (filled == PART) {
        insert();
      }
    }
  }

  /** Writes the last part. */
  void finish() throws IOException {
    if (filled > 0) {
      insert();
    }
  }

  private void insert() throws IOException {
    if (!wanted.getAsBoolean()) {
      throw new IOException("it took too long");
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      set(insert, id, parts, filled == PART ? part : Arrays.copyOf(part, filled));
      insert.executeUpdate();
    } catch (SQLException e) {
      failure = Optional.of(e);
      throw new IOException("the database failed", e);
    }
    parts++;
    octets += filled;
    filled = 0;
  }

  /**
   * For {@link #INSERT}.
   *
   * @param octets not to be changed before it is executed
   */
  static void set(PreparedStatement insert, String mail, int part, byte[] octets)
      throws SQLException {
    insert.setString(1, mail);
    insert.setInt(2, part);
    insert.setBytes(3, octets);
  }

  int parts() {
    return parts;
  }

  long octets() {
    return octets;
  }

  /** Why the database took no more, whatever has become of the exception on its way. */
  Optional<SQLException> failure() {
    return failure;
  }
}
