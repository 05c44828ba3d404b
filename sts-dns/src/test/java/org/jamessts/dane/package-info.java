/** What TLSA records promise, and whether certificates keep it. */
@NullMarked
package org.jamessts.dane;

import org.jspecify.annotations.NullMarked;
