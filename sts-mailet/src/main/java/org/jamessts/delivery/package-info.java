/**
 * The way of a mail from James's queue to its end. {@link org.jamessts.delivery.StsRemoteDelivery}
 * is the mailet that operators name in {@code mailetcontainer.xml}; it queues one item per
 * recipient domain. {@link org.jamessts.delivery.OutgoingQueue} takes items from the queue, {@link
 * org.jamessts.delivery.MailDelivery} walks the hosts of the domain, and {@link
 * org.jamessts.delivery.Aftermath} sees to it that each recipient is delivered, bounced or waits
 * elsewhere before the item leaves the queue: a mail is always in at least one place. Where it
 * waits is known by the package {@code retry}.
 *
 * <p>Who may receive the mail is not decided here but in the package {@code decide}; how to talk to
 * a host is known by {@code smtp}.
 */
@NullMarked
package org.jamessts.delivery;

import org.jspecify.annotations.NullMarked;
