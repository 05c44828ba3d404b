package org.jamessts.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.DsnParameters.Ret;
import org.apache.mailet.Mail;
import org.jamessts.dsn.ReturnedMail;

/** Chooses how much of a mail goes back to its sender (RFC 3461 §4.3). */
final class ReturnedContent {

  /** Without a wish of the sender; more helps nobody and burdens the forged. */
  private static final int MAX_UNASKED = 64 * 1024;

  private static final int MAX_ASKED = 1024 * 1024;

  private ReturnedContent() {}

  /** What goes back when the mail has failed. */
  static ReturnedMail afterFailure(Mail mail, Optional<Ret> wish) throws MessagingException {
    // RFC 8689 §5: such content must not travel back, whatever was asked.
    boolean secret =
        AttributeUtils.getValueAndCastFromMail(mail, MailProcessing.REQUIRETLS, Boolean.class)
            .orElse(false);
    MimeMessage message = mail.getMessage();
    if (!secret && wish.map(ret -> ret == Ret.FULL).orElse(true)) {
      byte[] whole = octets(message, wish.isPresent() ? MAX_ASKED : MAX_UNASKED);
      if (whole.length > 0 && ReturnedMail.isReturnable(whole)) {
        return ReturnedMail.whole(whole);
      }
    }
    return headers(message);
  }

  /** The header: all that goes back of a mail that may still arrive. */
  static ReturnedMail headers(MimeMessage message) throws MessagingException {
    return ReturnedMail.headers(Collections.list(message.getAllHeaderLines()));
  }

  /** The message; nothing when it is larger than allowed. */
  private static byte[] octets(MimeMessage message, int allowed) throws MessagingException {
    if (MimeContent.of(message).size() > allowed) {
      return new byte[0];
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try {
      message.writeTo(octets);
    } catch (IOException e) {
      throw new MessagingException("the message cannot be read", e);
    }
    return octets.toByteArray();
  }
}
