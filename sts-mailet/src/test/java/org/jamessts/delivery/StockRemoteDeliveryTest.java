package org.jamessts.delivery;

import javax.mail.MessagingException;
import org.apache.mailet.Mailet;

/** James's own mailet, which shows that the contract is what it says. */
class StockRemoteDeliveryTest extends RemoteDeliveryContract {
  @Override
  Mailet start(String... parameters) throws MessagingException {
    return world.startStock(parameters);
  }
}
