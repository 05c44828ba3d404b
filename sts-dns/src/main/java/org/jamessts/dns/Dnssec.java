package org.jamessts.dns;

import java.util.Locale;

/**
 * Whose word counts for what DNSSEC proves (RFC 4035 §4.3, RFC 7672 §2.1.1).
 *
 * @param mode who validates
 * @param onUnable what to do where this server validates, and its path to the DNS does not let it
 * @param anchors the keys with which every proof begins; of account only where this server
 *     validates
 */
public record Dnssec(Mode mode, OnUnable onUnable, DnssecAnchors anchors) {

  /** Who validates. */
  public enum Mode {
    /** This server, whatever the name servers say. */
    VALIDATE,
    /** The name servers, whose AD bit is believed (RFC 6840 §5.7): the way to them must be safe. */
    TRUST_AD,
    /** Nobody. */
    OFF;

    /** The word in settings, for example {@code trust-ad}. */
    public String keyword() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What to do when not even the signatures of the root arrive, as behind a forwarder that leaves
   * them out: seen from there, every signed domain is forged.
   */
  public enum OnUnable {
    /** Do without DNSSEC until it works. */
    DEGRADE,
    /** Go on to validate: mail to signed domains waits. */
    DEFER;

    /** The word in settings. */
    public String keyword() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** No DNSSEC at all. */
  public static final Dnssec NONE = new Dnssec(Mode.OFF, OnUnable.DEGRADE, DnssecAnchors.ROOT);
}
