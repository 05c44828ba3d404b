/**
 * Mail that waits for its next attempt, as its store sees it: a {@link
 * org.jamessts.deferral.DeferredMail} and octets. What the octets mean is known elsewhere. {@link
 * org.jamessts.deferral.DeferralStore} is the port; the package {@code store} stands behind it.
 */
@NullMarked
package org.jamessts.deferral;

import org.jspecify.annotations.NullMarked;
