package org.jamessts.https;

import java.time.Clock;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.Resolver;
import org.jamessts.guard.Guards;
import org.jamessts.x509.PathBuilder;

/**
 * Posts to hosts that strangers name (RFC 8460 §5.4), as guarded as a policy is fetched: public
 * addresses only, a certificate that is valid for the host, no redirect, one deadline. RFC 8460 §3
 * would allow it to overlook certificate errors; then whoever is on the way could read how mail
 * fares. Of the answer nothing counts but the status: the body is not even read. Safe for use by
 * many threads.
 */
public final class HttpsPoster implements AutoCloseable {

  private static final int SUCCESS = 2;

  /** What came of it. */
  public sealed interface Outcome {

    /**
     * The host has taken it: an answer of 200 to 299.
     *
     * @param status of the answer
     */
    record Accepted(int status) implements Outcome {}

    /**
     * It was not taken, or nobody can tell whether it was.
     *
     * @param reason for a person to read; bounded and printable
     */
    record Failed(String reason) implements Outcome {}
  }

  private final GuardedClient client;
  private final HttpsSettings settings;

  /**
   * A poster.
   *
   * @param resolver finds the addresses of hosts
   * @param paths judges their certificates
   * @param clock the moment of judgement
   * @param settings how far it may go; its port does not count
   */
  public HttpsPoster(Resolver resolver, PathBuilder paths, Clock clock, HttpsSettings settings) {
    this.client = new GuardedClient("report-post", resolver, paths, clock, settings, Guards.ALL);
    this.settings = settings;
  }

  /**
   * Posts once. When the calling thread is interrupted it fails, and the thread stays marked.
   *
   * @param host which must prove its name
   * @param port where it listens
   * @param target path and query, begins with a slash
   * @param mediaType of the body; it is not said to be encoded
   * @param body what is posted
   */
  public Outcome post(DomainName host, int port, String target, String mediaType, byte[] body) {
    try {
      int status =
          client.talk(host, port, socket -> statusOf(socket, host, target, mediaType, body));
      return status / 100 == SUCCESS
          ? new Outcome.Accepted(status)
          : new Outcome.Failed(host + " answers with status " + status);
    } catch (HttpsException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    }
  }

  private int statusOf(
      SSLSocket socket, DomainName host, String target, String mediaType, byte[] body)
      throws HttpsException {
    BasicClassicHttpRequest request = new BasicClassicHttpRequest("POST", target);
    request.setHeader(HttpHeaders.USER_AGENT, "james-sts (RFC 8460)");
    request.setHeader(HttpHeaders.CONTENT_TYPE, mediaType);
    request.setHeader(HttpHeaders.CONTENT_LENGTH, body.length);
    request.setEntity(new ByteArrayEntity(body, ContentType.create(mediaType)));
    return GuardedExchange.over(
        socket, host.value(), request, settings.deadline(), response -> response.getCode());
  }

  /** Ends what runs; nothing can be posted afterwards. */
  @Override
  public void close() {
    client.close();
  }
}
