/** What tests of reports share: sample days and the schemas that reports must keep to. */
@NullMarked
package org.jamessts.tlsrpt.testing;

import org.jspecify.annotations.NullMarked;
