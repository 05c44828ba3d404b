/**
 * Counting sessions (RFC 8460 §4.2), so that it costs a delivery next to nothing: {@link
 * org.jamessts.tlsrpt.collect.SessionCollector} counts in memory and adds, every few seconds, what
 * has come together to the counts in the store. A crash loses that much, an orderly stop nothing.
 * {@link org.jamessts.tlsrpt.collect.SessionStore} knows how the counts are kept.
 */
@NullMarked
package org.jamessts.tlsrpt.collect;

import org.jspecify.annotations.NullMarked;
