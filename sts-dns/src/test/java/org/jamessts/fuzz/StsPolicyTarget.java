package org.jamessts.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.MxPattern.Kind;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.mtasts.StsPolicyParse;
import org.jamessts.mtasts.StsPolicyParse.Invalid;
import org.jamessts.mtasts.StsPolicyParse.Parsed;

/** The body of a policy (RFC 8461 §3.2). */
public final class StsPolicyTarget {

  private StsPolicyTarget() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    reads(input);
    if (Texts.isChosen(input) && input.length > 0) {
      readsItLong(input, 1);
      readsItLong(input, input.length);
    }
  }

  static boolean reads(byte[] input) {
    Optional<PlainPolicy> plain =
        input.length > StsPolicy.MAX_OCTETS
            ? Optional.empty()
            : Texts.utf8(input).flatMap(PlainPolicy::read);
    StsPolicyParse parse = StsPolicy.parse(input);
    if (parse instanceof Invalid invalid) {
      Claims.isReason(invalid.reason());
      Claims.that(plain.isEmpty(), () -> "a policy by the grammar: " + invalid.reason());
      return false;
    }
    StsPolicy policy = ((Parsed) parse).policy();
    Claims.equal(Optional.of(PlainPolicy.of(policy)), plain, "the policy");
    Claims.equal(StsPolicy.parse(policy.text().getBytes(UTF_8)), parse, "its text");
    keepsItsPromises(policy);
    String spelled = PlainPolicy.of(policy).spelled();
    StsPolicyParse again = StsPolicy.parse(spelled.getBytes(UTF_8));
    if (spelled.length() <= StsPolicy.MAX_OCTETS) {
      Claims.equal(
          again,
          new Parsed(new StsPolicy(policy.mode(), policy.mx(), policy.maxAge(), spelled)),
          "the policy, written and read");
    }
    return true;
  }

  private static void keepsItsPromises(StsPolicy policy) {
    long seconds = policy.maxAge().toSeconds();
    Claims.that(seconds >= 0 && seconds <= 31_557_600, () -> "max_age is " + seconds);
    Claims.that(policy.mode() == StsMode.NONE || !policy.mx().isEmpty(), () -> "no mx: " + policy);
    Claims.areCanonical(policy.mx());
    for (MxPattern pattern : policy.mx()) {
      Claims.that(pattern.kind() != Kind.SUBDOMAINS, () -> "not of RFC 8461: " + pattern);
      Claims.that(
          policy.covers(pattern.name()) || pattern.kind() == Kind.ONE_LABEL,
          () -> "its own host is not covered: " + pattern);
    }
  }

  /** As long as a policy may be, and one octet longer. */
  private static void readsItLong(byte[] input, int repeated) {
    int max = StsPolicy.MAX_OCTETS;
    Texts.inTime(() -> StsPolicy.parse(Texts.stretched(input, repeated, max)));
    Claims.that(
        StsPolicy.parse(Texts.stretched(input, repeated, max + 1)) instanceof Invalid,
        () -> "it is read though it has more than " + max + " octets");
  }
}
