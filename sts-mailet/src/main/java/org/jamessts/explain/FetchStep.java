package org.jamessts.explain;

/**
 * One fetch over HTTPS.
 *
 * @param url what was fetched
 * @param outcome {@code fetched} or {@code failed}
 * @param octets of the body
 * @param detail what failed
 * @param millis how long it took
 */
public record FetchStep(String url, String outcome, int octets, String detail, long millis) {}
