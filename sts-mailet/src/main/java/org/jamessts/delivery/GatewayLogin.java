package org.jamessts.delivery;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jamessts.decide.Channel;
import org.jamessts.decide.FailureCode;
import org.jamessts.decide.MinimumRequirement;
import org.jamessts.override.Minimum;
import org.jamessts.smtp.Credentials;
import org.jamessts.smtp.SmtpConnection;
import org.jamessts.smtp.SmtpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in to a gateway, over TLS in which the gateway has proved its name. Whatever goes wrong here
 * is for the operator to mend and not the sender's fault: the mail waits, and the log says what to
 * do.
 *
 * @param source where the credentials come from
 * @param allowsAnyChannel whether the operator lets them go in clear text and in unverified TLS
 */
record GatewayLogin(CredentialSource source, boolean allowsAnyChannel) {

  private static final Logger LOGGER = LoggerFactory.getLogger(GatewayLogin.class);

  /**
   * Logs in.
   *
   * @param connection to the gateway
   * @param channel what TLS it has
   * @param need what is known of the gateway
   * @param now the moment, against which the dates of certificates are held
   * @return why it was not even tried; empty after a success
   * @throws SmtpException when the gateway does not let us in, or breaks off
   */
  Optional<Reason> in(SmtpConnection connection, Channel channel, Need need, Instant now)
      throws SmtpException {
    Optional<Reason> refusal = refusal(channel, need, now);
    if (refusal.isPresent()) {
      LOGGER.error(
          "gateway {}: no login, since nobody knows who would get the credentials: {}. Mail waits"
              + " until the gateway has TLS and a certificate for the name in <gateway> from an"
              + " authority in tls.trustStore, or DANE; gatewayAllowCleartextAuth=true sends them"
              + " all the same",
          need.host(),
          refusal.get().explanation());
      return refusal;
    }
    Credentials credentials;
    try {
      credentials = source.read();
    } catch (IOException e) {
      LOGGER.error(
          "gateway {}: no login, {}. Mail waits until gatewayTokenFile is mended",
          need.host(),
          e.getMessage());
      return Optional.of(Reason.ownTrouble(e));
    }
    try {
      connection.authenticate(credentials);
      return Optional.empty();
    } catch (SmtpException e) {
      LOGGER.error(
          "gateway {}: no login, {}. Mail waits until the gateway and gatewayUsername,"
              + " gatewayPassword or gatewayTokenFile agree",
          need.host(),
          e.getMessage());
      throw e;
    }
  }

  /** Why the credentials do not go over a channel. */
  Optional<Reason> refusal(Channel channel, Need need, Instant now) {
    return allowsAnyChannel || hasProvedItsName(channel, need, now)
        ? Optional.empty()
        : Optional.of(notSafe(channel, need, now));
  }

  /** By the certificate authorities, or by DANE. */
  private static boolean hasProvedItsName(Channel channel, Need need, Instant now) {
    return need.requirement().isVerified(need.host(), channel, now)
        || byAuthority(need).isVerified(need.host(), channel, now);
  }

  private static MinimumRequirement byAuthority(Need need) {
    return new MinimumRequirement(need.host(), Minimum.VERIFIED, Set.of());
  }

  private static Reason notSafe(Channel channel, Need need, Instant now) {
    String why =
        byAuthority(need)
            .judge(need.host(), channel, now)
            .finding()
            .map(finding -> ": " + finding.why().evidence())
            .orElse("");
    return Reason.unreachable(
        FailureCode.GATEWAY_LOGIN,
        need.host() + ": this server does not log in where that is not safe" + why);
  }
}
