package org.jamessts.policy;

import java.time.Instant;

/**
 * A policy that gave way to another one of its domain and kind.
 *
 * @param slot its kind
 * @param id of the TXT record that led to it; empty where there is no such thing
 * @param text as published; of a long one, the beginning
 * @param fetchedAt when it was fetched last
 * @param replacedAt when the next one was fetched
 */
public record PastPolicy(
    Slot slot, String id, String text, Instant fetchedAt, Instant replacedAt) {}
