/**
 * The one HTTPS client for hosts that a stranger chooses. Whoever publishes a policy decides where
 * this server connects, so that the client trusts nothing: it connects to addresses of the public
 * Internet only, judges the certificate by the strict rules of RFC 8461 §3.3 before it sends the
 * request, follows no redirect, and bounds what it reads in size and the whole in time.
 *
 * <p>Apache HttpCore frames and parses the messages. The layers above it in Apache HttpClient
 * (redirects, cookies, authentication, proxies, retries, decompression, reuse of connections) are
 * what a guarded client must not have, so they are not there to be switched off.
 */
@NullMarked
package org.jamessts.https;

import org.jspecify.annotations.NullMarked;
