/**
 * What is counted for whoever watches the server: {@link org.jamessts.metrics.StsMetrics} has all
 * the names. They are James's own kind of metrics, so that they appear where James's appear.
 */
@NullMarked
package org.jamessts.metrics;

import org.jspecify.annotations.NullMarked;
