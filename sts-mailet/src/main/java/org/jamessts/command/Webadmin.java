package org.jamessts.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A running James, asked over HTTP. */
final class Webadmin {

  /** Longer than a dry run may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int OK = 200;

  /** As the route says it. */
  private static final String NO_POLICY = "no policy of ";

  private static final int NOT_FOUND = 404;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI url;
  private final Optional<Path> tokenFile;

  Webadmin(URI url, Optional<Path> tokenFile) {
    this.url = url;
    this.tokenFile = tokenFile;
  }

  /**
   * Asks.
   *
   * @param path with a query; below the URL
   * @return the JSON of the answer; empty where there is no such thing
   * @throws UnansweredException when there is no answer, or it is a refusal
   */
  Optional<String> get(String path) throws UnansweredException, InterruptedException {
    HttpResponse<String> answer;
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url + path))
              .timeout(PATIENCE)
              .header("Accept", "application/json");
      if (tokenFile.isPresent()) {
        request.header("Authorization", "Bearer " + Files.readString(tokenFile.get()).strip());
      }
      answer = client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UnansweredException("no answer of the webadmin at " + url + ": " + e);
    }
    if (answer.statusCode() == OK) {
      return Optional.of(answer.body());
    }
    // A James without our routes answers 404 too, and says nothing of policies.
    if (answer.statusCode() == NOT_FOUND
        && message(answer.body()).filter(text -> text.startsWith(NO_POLICY)).isPresent()) {
      return Optional.empty();
    }
    throw new UnansweredException(
        "the webadmin at %s answers %d: %s"
            .formatted(url, answer.statusCode(), message(answer.body()).orElse("no reason")));
  }

  private static Optional<String> message(String body) {
    try {
      return Optional.ofNullable(JSON.readTree(body).get("message")).map(node -> node.asText());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** An answer as a value. */
  static <T> T read(String json, Class<T> type) throws UnansweredException {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new UnansweredException("an answer that is not understood: " + e.getOriginalMessage());
    }
  }
}
