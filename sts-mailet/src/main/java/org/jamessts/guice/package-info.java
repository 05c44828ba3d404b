/**
 * How the extension joins James: {@link org.jamessts.guice.StsModule} is named in {@code
 * extensions.properties} and binds the parts to James's own services; {@link
 * org.jamessts.guice.StsHealthCheck} and its like, one for each part that may fail, are named in
 * {@code healthcheck.properties}. They tell what {@link org.jamessts.guice.BackgroundWork} and the
 * parts themselves have found out.
 */
@NullMarked
package org.jamessts.guice;

import org.jspecify.annotations.NullMarked;
