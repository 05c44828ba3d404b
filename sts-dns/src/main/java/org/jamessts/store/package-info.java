/**
 * Where policies and waiting mail survive a restart. {@link org.jamessts.store.JdbcPolicyStore} is
 * what the rest of the project sees: a {@link org.jamessts.policy.PolicyStore} that answers from
 * memory what was asked for lately and has everything in a {@link org.jamessts.store.Database}:
 * {@link org.jamessts.store.EmbeddedDatabase}, a file of this server, or {@link
 * org.jamessts.store.PostgresDatabase}, which several servers may share. The SQL is the same for
 * both.
 *
 * <p>Mail that waits for its next attempt is there too, and survives likewise: {@link
 * org.jamessts.store.JdbcDeferralStore} is a {@link org.jamessts.deferral.DeferralStore}.
 *
 * <p>What is counted and reported of sessions is in the same database; only its tables are known
 * here, and {@link org.jamessts.store.StoreAccess} is the way to them.
 *
 * <p>The database is a help and never a hindrance: it is given a few seconds for each answer and no
 * thread of a caller, and while it fails, memory goes on alone.
 */
@NullMarked
package org.jamessts.store;

import org.jspecify.annotations.NullMarked;
