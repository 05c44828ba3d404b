/**
 * A James server that can be killed at any moment without losing a mail that it has accepted:
 * {@link org.jamessts.durable.DurableJames} is James's memory server with its queues on disk.
 * {@link org.jamessts.durable.Broker} keeps them, {@link org.jamessts.durable.DurableQueues} tells
 * James to use it. The extension needs nothing of this and runs on any James.
 */
@NullMarked
package org.jamessts.durable;

import org.jspecify.annotations.NullMarked;
