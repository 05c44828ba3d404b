/**
 * What an operator can set, read once at start. {@link org.jamessts.settings.StsSettings} is {@code
 * conf/sts.properties}; the parameters of the mailet are read by the mailet with the same {@link
 * org.jamessts.settings.SettingsReader}. A bad setting stops the start with one line that names
 * file, key, value and what is allowed.
 */
@NullMarked
package org.jamessts.settings;

import org.jspecify.annotations.NullMarked;
