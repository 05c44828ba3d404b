/**
 * What somebody on the path can do to the policies of a domain, in thousands of random schedules
 * that are the same for the same seed. {@link org.jamessts.attack.Domain} publishes, {@link
 * org.jamessts.attack.Attacker} holds the path, {@link org.jamessts.attack.World} is everything
 * else, and real; {@link org.jamessts.attack.Model} knows from what was really served which answers
 * are allowed.
 */
@NullMarked
package org.jamessts.attack;

import org.jspecify.annotations.NullMarked;
