/**
 * How the extension joins James: {@link org.jamessts.guice.StsModule} is named in {@code
 * extensions.properties} and binds the parts to James's own services; {@link
 * org.jamessts.guice.StsHealthCheck} is named in {@code healthcheck.properties}.
 */
@NullMarked
package org.jamessts.guice;

import org.jspecify.annotations.NullMarked;
