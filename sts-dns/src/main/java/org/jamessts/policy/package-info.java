/**
 * What a domain promises about transport security, from whichever source. {@link
 * org.jamessts.policy.PolicyService} is what the delivery side asks; it finds, fetches, keeps and
 * refreshes policies, and never forgets one that has not expired because something else failed.
 */
@NullMarked
package org.jamessts.policy;

import org.jspecify.annotations.NullMarked;
