/**
 * Work that takes its time and that an operator has started over webadmin, as James's tasks: {@code
 * /tasks/{id}} shows how far it is, and ends it. James finds {@link org.jamessts.tasks.StsTasks} by
 * its name in {@code extensions.properties}, to write tasks and what they tell.
 */
@NullMarked
package org.jamessts.tasks;

import org.jspecify.annotations.NullMarked;
