/** Discovery, fetch and cache against a real DNS server and a real policy host. */
@NullMarked
package org.jamessts.policy;

import org.jspecify.annotations.NullMarked;
