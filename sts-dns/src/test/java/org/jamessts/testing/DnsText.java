package org.jamessts.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What tests write of the DNS. Names are absolute, with or without the root dot. */
final class DnsText {

  static final long DEFAULT_TTL = 60;

  private DnsText() {}

  /** The records of lines of a master file: {@code owner TTL IN TYPE rdata}. */
  static List<Record> records(String lines) {
    byte[] file = lines.getBytes(StandardCharsets.ISO_8859_1);
    List<Record> records = new ArrayList<>();
    try (Master master = new Master(new ByteArrayInputStream(file), Name.root, DEFAULT_TTL)) {
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        records.add(record);
      }
      return List.copyOf(records);
    } catch (IOException e) {
      throw new IllegalArgumentException(lines, e);
    }
  }

  static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static int type(String text) {
    int type = Type.value(text);
    if (type < 0) {
      throw new IllegalArgumentException("no record type: " + text);
    }
    return type;
  }
}
