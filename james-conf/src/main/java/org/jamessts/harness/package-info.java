/**
 * Starts and drives a real James, as the demo and the integration tests need it. A server is a
 * process of its own: its class loader keeps classes for ever, it exits the JVM when it cannot
 * start, and what is tested shall be what an operator runs.
 *
 * <p>{@link org.jamessts.harness.Installation} says where the parts are and assembles a working
 * directory; {@link org.jamessts.harness.JamesLauncher} changes the configuration and starts {@link
 * org.jamessts.harness.JamesProcess}; {@link org.jamessts.harness.ProcessLog} is what it prints;
 * {@link org.jamessts.harness.SmtpInjector} hands it a mail.
 */
@NullMarked
package org.jamessts.harness;

import org.jspecify.annotations.NullMarked;
