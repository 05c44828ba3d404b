/**
 * MTA-STS, RFC 8461: the TXT record that hints at a policy (§3.1, {@link
 * org.jamessts.mtasts.StsRecord}), the policy itself (§3.2, {@link org.jamessts.mtasts.StsPolicy})
 * and the patterns in it (§4.1, {@link org.jamessts.mtasts.MxPattern}). Only text and values: who
 * asks the DNS and fetches over HTTPS lives in the package {@code policy}.
 */
@NullMarked
package org.jamessts.mtasts;

import org.jspecify.annotations.NullMarked;
