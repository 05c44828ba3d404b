package org.jamessts.https;

import java.io.IOException;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jamessts.guard.Guard;
import org.jamessts.guard.Guards;

/**
 * One GET over a connection that has been judged, and the rules for its answer: exactly 200 (RFC
 * 8461 §3.3), plain text as it is, of a declared length, and no larger than allowed. An answer that
 * breaks a rule is refused, never cut to fit.
 */
final class GuardedGet {

  private final HttpsSettings settings;
  private final int maxOctets;
  private final Guards guards;

  GuardedGet(HttpsSettings settings, int maxOctets, Guards guards) {
    this.settings = settings;
    this.maxOctets = maxOctets;
    this.guards = guards;
  }

  /**
   * Asks and reads.
   *
   * @param socket to the host; the caller closes it
   * @param host for the {@code Host} header
   * @param path begins with a slash
   * @return the body
   * @throws HttpsException when the answer breaks a rule or does not come
   */
  byte[] get(SSLSocket socket, String host, String path) throws HttpsException {
    BasicClassicHttpRequest request = new BasicClassicHttpRequest("GET", path);
    request.setHeader(HttpHeaders.USER_AGENT, "james-sts (RFC 8461)");
    return GuardedExchange.over(
        socket,
        host,
        request,
        settings.deadline(),
        response -> {
          requireGood(response);
          return body(response.getEntity());
        });
  }

  private void requireGood(ClassicHttpResponse response) throws HttpsException {
    if (response.getCode() != 200 && guards.stand(Guard.STATUS_IS_200)) {
      throw HttpsException.fetch("the answer has status " + response.getCode() + ", not 200");
    }
    for (Header coding : response.getHeaders(HttpHeaders.CONTENT_ENCODING)) {
      if (!coding.getValue().strip().equalsIgnoreCase("identity")) {
        throw HttpsException.fetch(
            "the body is encoded: " + Messages.shown(String.valueOf(coding.getValue())));
      }
    }
    for (Header type : response.getHeaders(HttpHeaders.CONTENT_TYPE)) {
      // RFC 8461 §3.2: what users upload is rarely served as plain text. Parameters do not matter,
      // since a policy is read as UTF-8 anyway.
      String media = type.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
      if (!media.equals("text/plain")) {
        throw HttpsException.fetch(
            "the media type is not text/plain: " + Messages.shown(String.valueOf(type.getValue())));
      }
    }
  }

  private byte[] body(HttpEntity entity) throws IOException, HttpsException {
    if (entity.getContentLength() < 0
        && !entity.isChunked()
        && guards.stand(Guard.BODY_IS_COMPLETE)) {
      // A body that ends with the connection can be cut anywhere by whoever can cut a connection:
      // "max_age: 3" is what is left of a year, and would drop a policy that cannot be replaced.
      throw HttpsException.fetch("the answer does not tell the length of its body");
    }
    return GuardedExchange.body(entity, maxOctets);
  }
}
