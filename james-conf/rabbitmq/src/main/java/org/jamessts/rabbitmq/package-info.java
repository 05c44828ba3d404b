/**
 * A James server for tests, whose queues are those of James's distributed server: {@link
 * org.jamessts.rabbitmq.RabbitJames} is James's memory server with {@link
 * org.jamessts.rabbitmq.RabbitQueues} in place of its own queues. RabbitMQ holds who gets a mail;
 * its text is in {@link org.jamessts.rabbitmq.FileBlobs}, since the memory server would forget it.
 * What James keeps in Cassandra, a list of what is in a queue, is left out: nobody can look into
 * these queues, or delete from them.
 */
@NullMarked
package org.jamessts.rabbitmq;

import org.jspecify.annotations.NullMarked;
