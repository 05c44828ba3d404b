package org.jamessts.delivery;

import org.jamessts.decide.TlsRequirement;
import org.jamessts.tlsrpt.AppliedPolicy;

/**
 * What mail to a domain needs, and what a report calls it.
 *
 * @param requirement judges hosts and channels
 * @param published what of it the domain itself asks for: a report tells it of nothing else
 * @param policy under which sessions are recorded
 */
record Need(TlsRequirement requirement, TlsRequirement published, AppliedPolicy policy) {}
