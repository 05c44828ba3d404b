/** Reports as they leave, held against the schemas. */
@NullMarked
package org.jamessts.tlsrpt.document;

import org.jspecify.annotations.NullMarked;
