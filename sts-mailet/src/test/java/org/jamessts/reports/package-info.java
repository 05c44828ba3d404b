/** Reports of others as James hands them over. */
@NullMarked
package org.jamessts.reports;

import org.jspecify.annotations.NullMarked;
