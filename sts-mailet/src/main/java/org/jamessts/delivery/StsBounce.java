package org.jamessts.delivery;

import com.google.inject.Inject;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jamessts.settings.SettingsReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends delivery status notifications (RFC 3464) for mail that {@link StsRemoteDelivery} has given
 * up. It stands in the bounce processor where {@code DSNBounce} stood. What it tells of each
 * recipient it reads from the mail's attributes; of mail that others have given up it tells what
 * {@code RemoteDelivery} leaves there, or the mail's error message. Its parameters:
 *
 * <ul>
 *   <li>{@code passThrough}: whether the mail goes on to the next mailet (default true)
 *   <li>{@code heloName}: the name of this server, where {@code StsRemoteDelivery} has one
 * </ul>
 *
 * <p>Nobody is told of mail without a sender, nor a sender who wanted to hear of no failure ({@code
 * NOTIFY}, RFC 3461 §4.1).
 */
public final class StsBounce extends GenericMailet {

  private static final Logger LOGGER = LoggerFactory.getLogger(StsBounce.class);
  private static final String FILE = "mailetcontainer.xml, StsBounce";

  private final DeliveryFactory.James james;
  private @Nullable Running running;

  private record Running(StatusNotifier notifier, boolean passThrough) {}

  /** Called by James. */
  @Inject
  public StsBounce(DeliveryFactory.James james) {
    this.james = james;
  }

  @Override
  public void init() {
    SettingsReader reader = DeliveryParameters.reader(FILE, getMailetConfig());
    running =
        new Running(
            new StatusNotifier(
                getMailetContext(),
                james.greeting(DeliveryParameters.heloName(reader)),
                james.clock()),
            reader.flag("passThrough", true));
    reader.refuseUnknown();
  }

  @Override
  public String getMailetInfo() {
    return "StsBounce: delivery status notifications";
  }

  @Override
  public void service(Mail mail) throws MessagingException {
    Running current = running;
    if (current == null) {
      throw new IllegalStateException("the mailet has not been initialized");
    }
    if (!current.notifier().tellFailure(mail)) {
      LOGGER.info("{} failed, and there is nobody to tell", mail.getName());
    }
    if (!current.passThrough()) {
      mail.setState(Mail.GHOST);
    }
  }
}
