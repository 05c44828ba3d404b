/**
 * What an operator can do over James's webadmin: look at the policies that are known, at downgrade
 * alarms, at the sessions and reports of a day and at mail that waits, have these tried again, say
 * something of domains himself, as overrides, take enforcement back, and ask what would become of
 * mail under other rules. James finds {@link org.jamessts.webadmin.StsRoutes} by its name in {@code
 * webadmin.properties}. A {@link org.jamessts.webadmin.RouteGroup} adds what belongs together to
 * {@link org.jamessts.webadmin.Endpoints}, which refuses what none of them understands.
 */
@NullMarked
package org.jamessts.webadmin;

import org.jspecify.annotations.NullMarked;
