package org.jamessts.retry;

import com.google.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jamessts.deferral.DeferralStoreException;
import org.jamessts.settings.SettingsReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a mail in the deferral store until it is tried again. It is the last mailet of the
 * processor that {@code StsRemoteDelivery} has as its {@code deferProcessor}, and takes no
 * parameters. When the store fails, the mail goes back to the queue that it came from, with a
 * delay.
 */
public final class DeferredRetry extends GenericMailet {

  private static final Logger LOGGER = LoggerFactory.getLogger(DeferredRetry.class);

  private final DeferredMails deferred;

  /** Called by James. */
  @Inject
  public DeferredRetry(DeferredMails deferred) {
    this.deferred = deferred;
  }

  @Override
  public void init() {
    Map<String, String> values = new HashMap<>();
    getInitParameterNames()
        .forEachRemaining(
            name ->
                Optional.ofNullable(getInitParameter(name)).ifPresent(v -> values.put(name, v)));
    SettingsReader reader = new SettingsReader("mailetcontainer.xml, DeferredRetry", values);
    // The mailet container's own.
    reader.ignore("onMailetException", "onMatchException");
    reader.refuseUnknown();
    deferred.start();
  }

  @Override
  public String getMailetInfo() {
    return "DeferredRetry: keeps mail until it is tried again";
  }

  @Override
  public void service(Mail mail) throws MessagingException {
    try {
      deferred.keep(mail);
    } catch (DeferralStoreException | MessagingException | RuntimeException e) {
      LOGGER.warn(
          "{} goes back to its queue, since it cannot be kept: {}",
          mail.getName(),
          String.valueOf(e.getMessage()));
      deferred.putBack(mail);
    }
    mail.setState(Mail.GHOST);
  }

  @Override
  public void destroy() {
    deferred.stop();
  }
}
