package org.jamessts.policy;

import java.time.Instant;

/**
 * That a policy could not be looked up or fetched.
 *
 * @param at when
 * @param cause why
 */
public record LookupFailure(Instant at, PolicyFailure cause) {}
