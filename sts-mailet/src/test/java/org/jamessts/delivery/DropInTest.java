package org.jamessts.delivery;

import javax.mail.MessagingException;
import org.apache.mailet.Mailet;

/** Our mailet in the place of James's. */
class DropInTest extends RemoteDeliveryContract {
  @Override
  Mailet start(String... parameters) throws MessagingException {
    return world.start(parameters);
  }
}
