/**
 * What an operator can do over James's webadmin: look at the policies that are known, at downgrade
 * alarms and at the sessions of the day, and say something of domains himself, as overrides. James
 * finds {@link org.jamessts.webadmin.StsRoutes} by its name in {@code webadmin.properties}.
 */
@NullMarked
package org.jamessts.webadmin;

import org.jspecify.annotations.NullMarked;
