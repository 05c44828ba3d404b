/** What is JSON, and what only looks like it. */
@NullMarked
package org.jamessts.json;

import org.jspecify.annotations.NullMarked;
