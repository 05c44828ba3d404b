package org.jamessts.tlsrpt.send;

/** What has become of the report of a domain and day. */
public enum ReportState {
  /** It will be tried, perhaps again. */
  PENDING,
  /** One endpoint has accepted it. */
  SENT,
  /** Nobody wants it. */
  NOT_WANTED,
  /** Nobody has accepted it in time. */
  GIVEN_UP
}
