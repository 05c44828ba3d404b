package org.jamessts.attack;

import java.time.Duration;
import java.util.Optional;

/**
 * A record of the draft of 2016.
 *
 * @param text as it stands in the TXT record
 * @param tlsOnly the tag {@code to}
 * @param path where the policy domain itself vouches for it, if it says so
 * @param lifetime the tag {@code e}
 */
record DraftText(String text, boolean tlsOnly, Optional<String> path, Duration lifetime) {

  /** One that names a path at its own domain. */
  static DraftText at(String domain, String path, boolean tlsOnly, String mx, Duration lifetime) {
    return of("webpki:https://" + domain + path, Optional.of(path), tlsOnly, mx, lifetime);
  }

  /** One that names something else. */
  static DraftText elsewhere(String mechanism, boolean tlsOnly, String mx, Duration lifetime) {
    return of(mechanism, Optional.empty(), tlsOnly, mx, lifetime);
  }

  /** One that names nothing. */
  static DraftText unvouched(String mx) {
    return new DraftText("v=STS1; to=false; mx=" + mx, false, Optional.empty(), Duration.ZERO);
  }

  private static DraftText of(
      String mechanism, Optional<String> path, boolean tlsOnly, String mx, Duration lifetime) {
    String text =
        "v=STS1; to=%s; mx=%s; a=%s; c=webpki; e=%d"
            .formatted(tlsOnly, mx, mechanism, lifetime.toSeconds());
    return new DraftText(text, tlsOnly, path, lifetime);
  }
}
