package org.jamessts.dns;

/**
 * One MX record.
 *
 * @param preference 0 to 65535, lower is tried first (RFC 5321 §5.1)
 * @param exchange the target as text, without the root dot; empty for the root, which with any
 *     preference stands for "no mail here" when it is the only record (RFC 7505). Text, because a
 *     stranger may have written anything here: one bad record spoils only itself.
 */
public record MxRecord(int preference, String exchange) {}
