package org.jamessts.tls;

import javax.net.ssl.SSLSocket;

/**
 * A completed handshake.
 *
 * @param socket to talk through; closing it may wait for the peer, closing the TCP socket does not
 * @param facts what the handshake showed
 */
public record TlsSession(SSLSocket socket, TlsFacts facts) {}
