/**
 * What somebody on the path can do to mail under DANE (RFC 7672), in random schedules that are the
 * same for the same seed. {@link org.jamessts.attack.dane.Owner} publishes and serves, {@link
 * org.jamessts.attack.dane.Attacker} holds every path, {@link org.jamessts.attack.dane.World} is
 * everything else, and real; {@link org.jamessts.attack.dane.Model} knows from what was really
 * published which connections mail may take, and reads at the receiving servers which it took.
 */
@NullMarked
package org.jamessts.attack.dane;

import org.jspecify.annotations.NullMarked;
