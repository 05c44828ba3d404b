package org.jamessts.tlsrpt.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.tlsrpt.AppliedPolicy;
import org.jamessts.tlsrpt.ForensicDetails;
import org.jamessts.tlsrpt.ResultType;
import org.jamessts.tlsrpt.SessionFailure;
import org.jamessts.tlsrpt.SessionPeers;

/** What stands in a row, as values. Only this project writes them. */
final class Rows {

  private Rows() {}

  /** Each line with its end: so no line and an empty line are different texts. */
  static byte[] bytes(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(UTF_8);
  }

  private static List<String> lines(ResultSet row, String column) throws SQLException {
    return new String(row.getBytes(column), UTF_8).lines().toList();
  }

  static AppliedPolicy policy(ResultSet row, DomainName domain) throws SQLException {
    return new AppliedPolicy(
        AppliedPolicy.Type.valueOf(row.getString("policy_type")),
        domain,
        lines(row, "policy_text"),
        lines(row, "mx"),
        name(row, "tlsa_base"));
  }

  static SessionFailure failure(ResultSet row) throws SQLException {
    return new SessionFailure(
        ResultType.valueOf(row.getString("result_type")),
        new SessionPeers(
            address(row, "sending_ip"),
            name(row, "receiving_mx"),
            address(row, "receiving_ip"),
            text(row, "receiving_helo")),
        new String(row.getBytes("reason"), UTF_8));
  }

  static Optional<ForensicDetails> details(ResultSet row) throws SQLException {
    int leftOut = row.getInt("certificates_left_out");
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(
            new ForensicDetails(text(row, "banner"), lines(row, "certificates"), leftOut));
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getBytes(column)).map(octets -> new String(octets, UTF_8));
  }

  private static Optional<DomainName> name(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(DomainName::new);
  }

  private static Optional<InetAddress> address(ResultSet row, String column) throws SQLException {
    byte[] octets = row.getBytes(column);
    try {
      return octets == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new SQLException("no address in " + column, e);
    }
  }
}
