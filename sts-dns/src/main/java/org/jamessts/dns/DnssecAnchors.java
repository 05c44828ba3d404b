package org.jamessts.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The keys with which every proof of DNSSEC begins (RFC 4035 §4.4). */
public final class DnssecAnchors {

  private static final int MAX_ANCHORS = 100;

  /** The root's keys of 2017 and 2024, as IANA publishes them. */
  public static final DnssecAnchors ROOT =
      new DnssecAnchors(
          """
          . IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
          . IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
          """,
          Name.root);

  private final String text;
  private final Name zone;

  private DnssecAnchors(String text, Name zone) {
    this.text = text;
    this.zone = zone;
  }

  /**
   * Reads anchors.
   *
   * @param text DS and DNSKEY records as in a zone file, names absolute, all of one zone
   * @throws InvalidAnchorsException when there is anything else, or nothing
   */
  public static DnssecAnchors parse(String text) throws InvalidAnchorsException {
    List<Record> records = records(text);
    if (records.isEmpty()) {
      throw new InvalidAnchorsException("it holds no records");
    }
    Name zone = records.get(0).getName();
    for (Record record : records) {
      if (record.getDClass() != DClass.IN
          || (record.getType() != Type.DS && record.getType() != Type.DNSKEY)) {
        throw new InvalidAnchorsException(
            "it holds a record of type " + Type.string(record.getType()));
      }
      if (!record.getName().equals(zone)) {
        throw new InvalidAnchorsException(
            "it holds anchors of " + zone + " and of " + record.getName());
      }
    }
    return new DnssecAnchors(text, zone);
  }

  private static List<Record> records(String text) throws InvalidAnchorsException {
    List<Record> records = new ArrayList<>();
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    try (Master master = new Master(new ByteArrayInputStream(octets), Name.root, 0)) {
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        records.add(record);
        if (records.size() > MAX_ANCHORS) {
          throw new InvalidAnchorsException("it holds over " + MAX_ANCHORS + " records");
        }
      }
    } catch (IOException e) {
      throw new InvalidAnchorsException(String.valueOf(e.getMessage()).replace("<none>:", "line "));
    }
    return records;
  }

  /** The zone to which the anchors belong: the root, unless an operator has one of his own. */
  Name zone() {
    return zone;
  }

  /** As a zone file. */
  byte[] octets() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
