/**
 * How fast mail leaves a whole James: one with James's own {@code RemoteDelivery} and one with
 * ours, in turn, each a process of its own whose queue is full when it starts, to the same server.
 * {@link org.jamessts.bench.delivery.FastSink} is that server, and its own limit is measured first,
 * since nothing is faster than what it delivers to.
 */
@NullMarked
package org.jamessts.bench.delivery;

import org.jspecify.annotations.NullMarked;
