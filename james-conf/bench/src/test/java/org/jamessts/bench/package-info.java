@NullMarked
package org.jamessts.bench;

import org.jspecify.annotations.NullMarked;
