package org.jamessts.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Zones from the root down, and the name servers that BIND makes of them. */
final class BindTree {

  /** RFC 4034 §5.3; the digest comes in several pieces. */
  private static final Pattern ANCHOR =
      Pattern.compile("\\. +IN +DS +(\\d+ +\\d+ +\\d+) +([0-9A-F ]+)");

  private final Bind bind;
  private final List<BindZone> zones;

  private BindTree(Bind bind, List<BindZone> zones) {
    this.bind = bind;
    this.zones = zones;
  }

  /** Signs the zones, of which one is the root. */
  static BindTree write(Bind bind, List<BindZone> zones) throws IOException {
    List<BindZone> upwards =
        zones.stream().sorted(Comparator.comparingInt(BindZone::depth).reversed()).toList();
    for (BindZone zone : upwards) {
      zone.write(
          bind,
          upwards.stream()
              .filter(child -> parent(child, upwards).equals(Optional.of(zone)))
              .toList());
    }
    return new BindTree(bind, upwards);
  }

  private static Optional<BindZone> parent(BindZone child, List<BindZone> upwards) {
    return upwards.stream().filter(child::isBelow).findFirst();
  }

  /** The DS records of the root, as in a zone file. */
  String trustAnchor() throws IOException {
    BindZone root = zones.get(zones.size() - 1);
    return Files.readString(root.dsFile(bind), US_ASCII).replace('\t', ' ');
  }

  /** A server that knows every zone, and resolves nothing for anybody. */
  InetSocketAddress startAuthority() throws IOException {
    return bind.start(
        "authority",
        "recursion no; dnssec-validation no; notify no;",
        zones.stream().map(BindZone::statement).collect(Collectors.joining()));
  }

  /** A recursive server that knows only the authority, and believes it. */
  InetSocketAddress startOblivious(InetSocketAddress authority) throws IOException {
    return bind.start("oblivious", recursive(authority, "no"), "");
  }

  /** A recursive server that knows only the authority, and validates what it says. */
  InetSocketAddress startValidating(InetSocketAddress authority) throws IOException {
    String anchors =
        ANCHOR
            .matcher(trustAnchor())
            .results()
            .map(ds -> ". static-ds %s \"%s\";".formatted(ds.group(1), ds.group(2)))
            .collect(Collectors.joining(" "));
    return bind.start(
        "validating", recursive(authority, "yes"), "trust-anchors { " + anchors + " };\n");
  }

  private static String recursive(InetSocketAddress authority, String validation) {
    return """
        recursion yes;
        allow-recursion { 127.0.0.1; };
        dnssec-validation %s;
        forward only;
        forwarders { 127.0.0.1 port %d; };
        """
        .formatted(validation, authority.getPort());
  }
}
