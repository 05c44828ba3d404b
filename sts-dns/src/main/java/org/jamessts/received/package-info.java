/**
 * What others have reported about domains of ours, kept for people and programs to look at. {@link
 * org.jamessts.received.ReceivedReports} is a port; which database is behind it, {@code
 * org.jamessts.store} knows, and what a report says, whoever reads it.
 */
@NullMarked
package org.jamessts.received;

import org.jspecify.annotations.NullMarked;
