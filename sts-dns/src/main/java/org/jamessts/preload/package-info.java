/**
 * A list of domains that are known to receive mail over verified TLS, given to the server before it
 * ever asked them: it closes the gap of MTA-STS at the first contact, when whoever sits on the path
 * can hide that there is a policy (RFC 8461 §10.2). The format is version 0.1 of the STARTTLS
 * Everywhere policy list. The public list of that name ended in 2020; operators and communities
 * make their own.
 *
 * <p>{@link org.jamessts.preload.PreloadList} is one list, read from its text. {@link
 * org.jamessts.preload.PreloadFile} is where it comes from: a file, and a signature over it if the
 * operator gave a {@link org.jamessts.preload.ListKey}. {@link org.jamessts.preload.PreloadLists}
 * holds the current one and follows the file.
 */
@NullMarked
package org.jamessts.preload;

import org.jspecify.annotations.NullMarked;
