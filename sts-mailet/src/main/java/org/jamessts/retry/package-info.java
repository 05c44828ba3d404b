/**
 * Where deferred mail waits. {@link org.jamessts.retry.DeferredRetry} is the mailet of the
 * processor that {@code deferProcessor} names: it hands each mail to {@link
 * org.jamessts.retry.DeferredMails}, which keeps it in the deferral store and puts it back into the
 * queue that it came from when it is due, or when its domain seems to be repaired. Two matchers
 * tell mails apart by why they wait. How a mail is delivered is not known here.
 */
@NullMarked
package org.jamessts.retry;

import org.jspecify.annotations.NullMarked;
