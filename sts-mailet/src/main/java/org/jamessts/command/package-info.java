/**
 * The command {@code james-conf/sts}: {@link org.jamessts.command.Sts} explains what would become
 * of mail to a domain, shows a policy that is kept, and makes a TLS report readable. It works on
 * the files of James's working directory; where a running James holds the embedded store, its
 * webadmin answers.
 */
@NullMarked
package org.jamessts.command;

import org.jspecify.annotations.NullMarked;
