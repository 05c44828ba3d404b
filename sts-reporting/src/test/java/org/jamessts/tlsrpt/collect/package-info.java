/** Tests of counting, and the databases on which these and those of sending run. */
@NullMarked
package org.jamessts.tlsrpt.collect;

import org.jspecify.annotations.NullMarked;
