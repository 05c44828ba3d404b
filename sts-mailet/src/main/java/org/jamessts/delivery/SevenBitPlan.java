package org.jamessts.delivery;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/**
 * Which bodies of a message hold octets above 127.
 *
 * @param bodies by their number, in the order in which they stand
 */
record SevenBitPlan(BitSet bodies) {

  /** Deeper than anybody nests; every level takes some of the stack. */
  private static final int MAX_DEPTH = 50;

  private static final int MAX_HEADER = 256 * 1024;
  private static final int MAX_FIELDS = 10_000;

  private static final Set<String> SEALED = Set.of("multipart/signed", "multipart/encrypted");

  /**
   * Looks through a message.
   *
   * @return empty where such a body lies inside of something signed or encrypted, or too deep
   */
  static Optional<SevenBitPlan> of(Path message) throws IOException, MimeException {
    BitSet bodies = new BitSet();
    int body = 0;
    int depth = 0;
    int sealedAt = Integer.MAX_VALUE;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(message))) {
      MimeTokenStream tokens = tokens(in);
      for (EntityState state = tokens.getState();
          state != EntityState.T_END_OF_STREAM;
          state = tokens.next()) {
        switch (state) {
          case T_START_MULTIPART -> {
            depth++;
            if (SEALED.contains(tokens.getBodyDescriptor().getMimeType())) {
              sealedAt = Math.min(sealedAt, depth);
            }
          }
          case T_START_MESSAGE -> depth++;
          case T_END_MULTIPART, T_END_MESSAGE -> {
            sealedAt = depth == sealedAt ? Integer.MAX_VALUE : sealedAt;
            depth--;
          }
          case T_BODY -> {
            if (hasEightBit(tokens.getInputStream())) {
              bodies.set(body);
            }
            if (bodies.get(body) && sealedAt <= depth) {
              return Optional.empty();
            }
            body++;
          }
          default -> {
            // Nothing that could hold a body.
          }
        }
        if (depth > MAX_DEPTH) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new SevenBitPlan(bodies));
  }

  /** Writes a message as this plan says. */
  void write(Path message, OutputStream out) throws IOException, MimeException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(message))) {
      new SevenBitWriter(out, bodies).write(tokens(in));
    }
  }

  private static MimeTokenStream tokens(InputStream in) {
    MimeTokenStream tokens =
        new MimeTokenStream(
            new MimeConfig.Builder()
                .setMaxLineLen(-1)
                .setMaxHeaderLen(MAX_HEADER)
                .setMaxHeaderCount(MAX_FIELDS)
                .build());
    tokens.setRecursionMode(RecursionMode.M_RECURSE);
    tokens.parse(in);
    return tokens;
  }

  private static boolean hasEightBit(InputStream body) throws IOException {
    byte[] block = new byte[8192];
    int count;
    while ((count = body.read(block)) >= 0) {
      for (int i = 0; i < count; i++) {
        if (block[i] < 0) {
          return true;
        }
      }
    }
    return false;
  }
}
