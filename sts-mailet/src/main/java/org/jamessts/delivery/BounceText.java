package org.jamessts.delivery;

import java.util.List;
import org.jamessts.smtp.PrintableText;

/** What a sender reads when a mail is given up. */
final class BounceText {

  private BounceText() {}

  static String of(List<String> recipients, Reason reason) {
    StringBuilder text = new StringBuilder("Your message could not be delivered to:\r\n\r\n");
    // James lets quoted line ends into an address; here they would add lines of anybody's choice.
    recipients.forEach(
        recipient -> text.append("  ").append(PrintableText.ofAddress(recipient)).append("\r\n"));
    text.append("\r\n").append(reason.ultimate()).append(' ').append(reason.explanation());
    if (reason.kind() == Reason.Kind.POLICY) {
      text.append("\r\n\r\n")
          .append(
              "The recipient's domain asks that mail be sent to it only over verified TLS, and ")
          .append("this could not be had. Your message was not sent in any weaker way.");
    }
    return text.append("\r\n").toString();
  }
}
