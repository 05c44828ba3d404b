/**
 * What an operator can do over James's webadmin: look at the policies that are known, at downgrade
 * alarms, at the sessions and reports of a day and at mail that waits, have these tried again, and
 * say something of domains himself, as overrides, and take enforcement back. James finds {@link
 * org.jamessts.webadmin.StsRoutes} by its name in {@code webadmin.properties}.
 */
@NullMarked
package org.jamessts.webadmin;

import org.jspecify.annotations.NullMarked;
