/**
 * What an operator can look at over James's webadmin: the policies that are known and the sessions
 * of the day, read-only. James finds {@link org.jamessts.webadmin.StsRoutes} by its name in {@code
 * webadmin.properties}.
 */
@NullMarked
package org.jamessts.webadmin;

import org.jspecify.annotations.NullMarked;
