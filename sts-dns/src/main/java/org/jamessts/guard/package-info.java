/**
 * The rules on which the protection rests, each with a name. A {@link org.jamessts.guard.Guard} is
 * asked at the one place of the code where its rule is kept; {@link org.jamessts.guard.Guards} says
 * whether it stands. It always does: only tests take one away at a time, to see that their attacks
 * find the breach.
 */
@NullMarked
package org.jamessts.guard;

import org.jspecify.annotations.NullMarked;
