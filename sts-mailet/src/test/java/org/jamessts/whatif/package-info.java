/** What would become of mail under other rules. */
@NullMarked
package org.jamessts.whatif;

import org.jspecify.annotations.NullMarked;
