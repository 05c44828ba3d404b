/**
 * How many mails are worked at once, on which threads, and what is kept for the next one. A mail
 * server that serves many destinations is as slow as the worst of them unless each has a way of its
 * own: {@link org.jamessts.engine.Lanes} gives every destination a lane with a bounded number of
 * conversations, starts work fairly between lanes, and turns away what a full lane cannot take
 * soon, so that it waits elsewhere and nobody behind it. Nothing more begins while the processors
 * have enough to do ({@code ProcessorClaims}), and no more is asked about destinations at once than
 * can be answered ({@link org.jamessts.engine.Turnstile}). {@link org.jamessts.engine.IdlePool}
 * keeps open conversations for the next mail, and {@link org.jamessts.engine.UnreachableHosts}
 * remembers whom nobody could reach, so that not every mail has to find out for itself.
 *
 * <p>Nothing here knows of SMTP, TLS or James, and nothing here decides whether a mail may leave.
 */
@NullMarked
package org.jamessts.engine;

import org.jspecify.annotations.NullMarked;
