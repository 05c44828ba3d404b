package org.jamessts.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** A name, compared without regard to case, and a record type of the Internet class. */
record DnsQuestion(Name name, int type) {

  DnsQuestion at(Name other) {
    return new DnsQuestion(other, type);
  }

  Record toRecord() {
    return Record.newRecord(name, type, DClass.IN);
  }
}
