/**
 * A private Internet for tests and the demo, on loopback: a certificate authority, a DNS server
 * that signs zones, policy hosts. All of it is real: sockets, TLS and records, with faults on
 * demand. It is packed as a test-jar, so that later modules test against the same world.
 */
@NullMarked
package org.jamessts.testing;

import org.jspecify.annotations.NullMarked;
