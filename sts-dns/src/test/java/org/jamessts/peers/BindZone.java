package org.jamessts.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A zone that BIND signs and serves.
 *
 * @param name without the root dot, but for the root itself: {@code .}
 * @param records lines of a zone file, relative to the name; SOA and NS records are added
 * @param algorithms as dnssec-keygen has them; each gets a key for keys and a key for zones, and
 *     all sign everything. Without any the zone is not signed.
 * @param standbyKeys keys for zones that are published and sign nothing, of RSA with 2048 bits
 * @param options more arguments for dnssec-signzone
 * @param afterwards what is done to the lines of the signed zone, a record each
 * @param ds what is done to the DS records on their way into the parent
 */
record BindZone(
    String name,
    String records,
    List<String> algorithms,
    int standbyKeys,
    List<String> options,
    UnaryOperator<Stream<String>> afterwards,
    UnaryOperator<Stream<String>> ds) {

  /** A zone that is not signed. */
  static BindZone unsigned(String name, String records) {
    return new BindZone(
        name, records, List.of(), 0, List.of(), UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** Signed with NSEC. */
  static BindZone signed(String name, String records, String... algorithms) {
    return unsigned(name, records).withAlgorithms(algorithms);
  }

  private BindZone withAlgorithms(String... newAlgorithms) {
    return new BindZone(
        name, records, List.of(newAlgorithms), standbyKeys, options, afterwards, ds);
  }

  BindZone withStandbyKeys(int number) {
    return new BindZone(name, records, algorithms, number, options, afterwards, ds);
  }

  BindZone withOptions(String... newOptions) {
    return new BindZone(
        name, records, algorithms, standbyKeys, List.of(newOptions), afterwards, ds);
  }

  BindZone withAfterwards(UnaryOperator<Stream<String>> change) {
    return new BindZone(name, records, algorithms, standbyKeys, options, change, ds);
  }

  BindZone withDs(UnaryOperator<Stream<String>> change) {
    return new BindZone(name, records, algorithms, standbyKeys, options, afterwards, change);
  }

  /** Whether this one lies somewhere below the other. */
  boolean isBelow(BindZone other) {
    return !equals(other) && (other.isRoot() || name.endsWith("." + other.name()));
  }

  private boolean isRoot() {
    return name.equals(".");
  }

  /** Number of labels: the root has none. */
  int depth() {
    return isRoot() ? 0 : name.split("\\.", -1).length;
  }

  private String origin() {
    return isRoot() ? name : name + ".";
  }

  private String file() {
    return isRoot() ? "zone-of-the-root" : "zone-" + name;
  }

  /** Where dnssec-signzone leaves the DS records, and looks for those of the zones below. */
  Path dsFile(Bind bind) {
    return bind.directory().resolve("dsset-" + origin());
  }

  /** The statement with which named serves it. */
  String statement() {
    return "zone \"%s\" { type primary; check-integrity no; file \"%s\"; };\n"
        .formatted(name, algorithms.isEmpty() ? file() : file() + ".signed");
  }

  /**
   * Writes the zone and signs it; the zones below it first, since their DS records belong in it.
   *
   * @param children zones that this one delegates
   */
  void write(Bind bind, List<BindZone> children) throws IOException {
    StringBuilder text = new StringBuilder("$TTL 300\n$ORIGIN " + origin() + "\n");
    text.append("@ SOA ns.test. hostmaster.test. 1 3600 600 86400 300\n@ NS ns.test.\n");
    children.forEach(child -> text.append(child.origin()).append(" NS ns.test.\n"));
    Path file = bind.directory().resolve(file());
    Files.writeString(file, text.append(records), US_ASCII);
    if (!algorithms.isEmpty()) {
      makeKeys(bind);
      Stream<String> fixed =
          Stream.of("-S", "-g", "-P", "-O", "full", "-o", origin(), "-f", file() + ".signed");
      bind.run(
          "dnssec-signzone",
          Stream.of(fixed, options.stream(), Stream.of(file())).flatMap(part -> part));
      change(bind.directory().resolve(file() + ".signed"), afterwards);
      change(dsFile(bind), ds);
    }
  }

  private void makeKeys(Bind bind) throws IOException {
    for (String algorithm : algorithms) {
      bind.run("dnssec-keygen", Stream.of("-q", "-a", algorithm, "-f", "KSK", origin()));
      bind.run("dnssec-keygen", Stream.of("-q", "-a", algorithm, origin()));
    }
    for (int i = 0; i < standbyKeys; i++) {
      bind.run(
          "dnssec-keygen",
          Stream.of("-q", "-a", "RSASHA256", "-b", "2048", "-A", "none", origin()));
    }
  }

  private static void change(Path file, UnaryOperator<Stream<String>> change) throws IOException {
    Files.write(file, change.apply(Files.readAllLines(file, US_ASCII).stream()).toList(), US_ASCII);
  }
}
