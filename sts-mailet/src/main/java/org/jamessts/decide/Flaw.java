package org.jamessts.decide;

import org.jamessts.override.FailureKind;

/**
 * Something that a check has found wrong, whoever asked for the check.
 *
 * @param kind what it is
 * @param evidence what was seen, with the host's name
 */
record Flaw(FailureKind kind, String evidence) {}
