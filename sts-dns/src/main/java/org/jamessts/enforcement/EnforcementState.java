package org.jamessts.enforcement;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What holds now, and who wanted it.
 *
 * @param mode how far this server keeps to what domains publish
 * @param setting what holds without an order
 * @param order what an operator has ordered, while it holds
 * @param since when the order was given, or this server started
 */
public record EnforcementState(
    Enforcement mode, Enforcement setting, Optional<EnforcementOrder> order, Instant since) {

  /** In words, for log and health. */
  public String describe() {
    StringBuilder words = new StringBuilder("enforcement=").append(mode.keyword());
    words.append(" since ").append(since.truncatedTo(ChronoUnit.SECONDS));
    words.append(", by ").append(changedBy());
    if (order.isPresent()) {
      order.get().until().ifPresent(until -> words.append(", until ").append(until));
      if (!order.get().comment().isEmpty()) {
        words.append(" (").append(order.get().comment()).append(')');
      }
    }
    return words.toString();
  }

  /** Who wanted it. */
  public String changedBy() {
    return order.map(EnforcementOrder::changedBy).orElse("the setting in sts.properties");
  }
}
