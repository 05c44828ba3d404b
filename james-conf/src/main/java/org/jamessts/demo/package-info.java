/**
 * The demo: a real James beside a private Internet on loopback, one mail to each of a number of
 * domains, and a table of what happened. {@link org.jamessts.testing.PrivateInternet} is the world,
 * {@link org.jamessts.demo.Scenarios} lists the domains and what the standards say of each, {@link
 * org.jamessts.demo.Demo} runs them, {@link org.jamessts.demo.Report} prints. What happened is read
 * at the receiving servers; our own verdict is read from James's log and compared.
 */
@NullMarked
package org.jamessts.demo;

import org.jspecify.annotations.NullMarked;
