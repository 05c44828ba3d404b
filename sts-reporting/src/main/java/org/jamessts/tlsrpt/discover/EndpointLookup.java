package org.jamessts.tlsrpt.discover;

import java.util.List;

/** Where reports about a domain are wanted, by its DNS. */
public sealed interface EndpointLookup {

  /**
   * There.
   *
   * @param endpoints at least one, in the order of the record
   */
  record Found(List<ReportEndpoint> endpoints) implements EndpointLookup {
    public Found {
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * Nowhere: there is no record.
   *
   * @param reason for a person to read
   */
  record Absent(String reason) implements EndpointLookup {}

  /**
   * Nowhere: the record is none by the grammar.
   *
   * @param reason for a person to read; bounded and printable
   */
  record Malformed(String reason) implements EndpointLookup {}

  /**
   * Nobody could tell.
   *
   * @param reason for a person to read
   */
  record Failed(String reason) implements EndpointLookup {}
}
