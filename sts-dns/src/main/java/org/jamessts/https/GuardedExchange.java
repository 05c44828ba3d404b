package org.jamessts.https;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.Timeout;

/**
 * One request and its answer over a connection that has been judged: framed by Apache HttpCore,
 * lines and their number bounded, nothing followed, nothing kept.
 */
final class GuardedExchange {

  private static final int HTTPS = 443;
  private static final int MAX_LINE = 8192;
  private static final int MAX_HEADERS = 100;
  private static final Http1Config BOUNDS =
      Http1Config.custom().setMaxLineLength(MAX_LINE).setMaxHeaderCount(MAX_HEADERS).build();

  /** Makes a value of an answer. */
  @FunctionalInterface
  interface Answer<T> {
    /** Reads as much of it as is wanted. */
    T read(ClassicHttpResponse response) throws IOException, HttpsException;
  }

  private GuardedExchange() {}

  /**
   * Asks and reads.
   *
   * @param socket to the host; the caller closes it
   * @param host its name, without the port
   * @param request what to ask; gets the header lines that every request has
   * @param silence how long each read may take
   * @param answer reads what comes
   * @throws HttpsException when the answer does not come or is refused
   */
  static <T> T over(
      SSLSocket socket, String host, ClassicHttpRequest request, Duration silence, Answer<T> answer)
      throws HttpsException {
    // Closed by the caller with its socket; to close it here would first read all that is left.
    DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(BOUNDS);
    try {
      connection.bind(socket);
      connection.setSocketTimeout(Timeout.of(silence));
      int port = socket.getPort();
      request.setHeader(HttpHeaders.HOST, port == HTTPS ? host : host + ":" + port);
      request.setHeader(HttpHeaders.CONNECTION, "close");
      return answer.read(
          new HttpRequestExecutor().execute(request, connection, HttpCoreContext.create()));
    } catch (IOException | HttpException | RuntimeException e) {
      // A parser that stumbles over a stranger's octets is the stranger's failure too.
      throw HttpsException.fetch("no good answer from " + host + ": " + Messages.of(e));
    }
  }

  /**
   * The body of an answer.
   *
   * @param maxOctets a longer one is refused
   */
  static byte[] body(HttpEntity entity, int maxOctets) throws IOException, HttpsException {
    if (entity.getContentLength() > maxOctets) {
      throw tooLarge(maxOctets);
    }
    InputStream content = entity.getContent();
    byte[] octets = content.readNBytes(maxOctets + 1);
    if (octets.length > maxOctets) {
      throw tooLarge(maxOctets);
    }
    return octets;
  }

  private static HttpsException tooLarge(int maxOctets) {
    return HttpsException.fetch("the body has over " + maxOctets + " octets");
  }
}
