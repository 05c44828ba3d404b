/**
 * What a dry run of a delivery found out, as values made of texts: the same in JSON, in which
 * {@code GET /sts/explain/{domain}} answers, and as text for people. {@link
 * org.jamessts.explain.ExplainedDelivery} is the whole; {@link org.jamessts.explain.WatchedDns} and
 * {@link org.jamessts.explain.WatchedFetcher} note what is asked on the way. The run itself is in
 * the package {@code delivery}, whose code it shares.
 *
 * <p>Whatever strangers contribute is made printable and cut.
 */
@NullMarked
package org.jamessts.explain;

import org.jspecify.annotations.NullMarked;
