/** Tests of the SMTP client against real servers on loopback. */
@NullMarked
package org.jamessts.smtp;

import org.jspecify.annotations.NullMarked;
