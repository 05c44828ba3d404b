package org.jamessts.policy;

import java.time.Duration;
import org.jamessts.testing.PolicyHostEffect;
import org.jamessts.testing.PrivateCa;

/** A domain that may publish a policy by the draft of 2016 too. */
abstract class TwoSystemsWorld extends PolicyWorld {

  static final String DRAFT_RECORD = "_smtp_sts." + DOMAIN;
  static final PrivateCa.Credential GOOD_DRAFT = CA.issue(DOMAIN);

  static String draft(boolean tlsOnly, Duration expiry) {
    return "v=STS1; to=%s; mx=mail.example.com; a=webpki:https://example.com/sts; c=webpki; e=%d"
        .formatted(tlsOnly, expiry.toSeconds());
  }

  /** The domain publishes a policy by the draft, and vouches for it. */
  void publishDraft(String text) {
    announceDraft(text);
    dns.remove(DOMAIN).a(DOMAIN, "127.0.0.1");
    host.serveHost(DOMAIN, GOOD_DRAFT, PolicyHostEffect.policy(text));
  }

  /** The TXT record changes, and nothing else. */
  void announceDraft(String text) {
    dns.remove(DRAFT_RECORD).txt(DRAFT_RECORD, text);
  }

  /** The domain publishes a draft policy, which has had its first success and is kept. */
  KnownDraftPolicy draftPublishedAndConfirmed(String text) {
    publishDraft(text);
    service.confirm(draftOf(lookup()));
    return draftOf(lookup());
  }

  static KnownDraftPolicy draftOf(PolicyLookup lookup) {
    return ((PolicyLookup.Draft) lookup).policy();
  }
}
