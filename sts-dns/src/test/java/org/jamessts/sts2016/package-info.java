/** The rules of draft-margolis-smtp-sts-00 §3 as tables: one row, one rule. */
@NullMarked
package org.jamessts.sts2016;

import org.jspecify.annotations.NullMarked;
