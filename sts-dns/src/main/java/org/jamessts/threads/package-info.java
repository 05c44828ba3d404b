/**
 * Threads of our own, on which the others wait for strangers, disks and clocks. They never keep the
 * server from stopping.
 */
@NullMarked
package org.jamessts.threads;

import org.jspecify.annotations.NullMarked;
