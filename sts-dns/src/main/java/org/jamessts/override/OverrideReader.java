package org.jamessts.override;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;
import org.jamessts.mtasts.StsPolicy;

/** Reads one override, in the form that the package shows. For one use. */
final class OverrideReader {

  private Optional<DomainPattern> pattern = Optional.empty();
  private Optional<Minimum> minimum = Optional.empty();
  private Optional<StsPolicy> policy = Optional.empty();
  private final Set<FailureKind> exempt = EnumSet.noneOf(FailureKind.class);
  private Optional<Instant> until;
  private String comment = "";

  OverrideReader() {
    this(Optional.empty());
  }

  /**
   * @param end of an override that does not say it itself
   */
  OverrideReader(Optional<Instant> end) {
    this.until = end;
  }

  DomainOverride override(JsonReader in) throws MalformedJsonException {
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "domain" -> pattern = Optional.of(pattern(in));
        case "minimum" -> minimum = Optional.of(in.word(Minimum.values(), Minimum::keyword));
        case "policy" -> policy = Optional.of(policy(in));
        case "exempt" -> exempt(in);
        case "until" -> until = Optional.of(until(in));
        case "comment" -> comment = comment(in);
        // What is told of one that was set, so that it can be given back as it was shown.
        case "source", "changedBy", "changedAt" -> in.skip();
        default -> throw in.unknown("domain, minimum, policy, exempt, until, comment");
      }
    }
    DomainPattern about = pattern.orElseThrow(() -> in.malformed("it has no domain"));
    refuse(in, DomainOverride.flaw(minimum, policy, exempt, until));
    return new DomainOverride(about, minimum, policy, exempt, until, comment);
  }

  private Instant until(JsonReader in) throws MalformedJsonException {
    if (until.isPresent()) {
      throw in.malformed("its end is given beside it, too; allowed is one of them");
    }
    return in.instant();
  }

  private static DomainPattern pattern(JsonReader in) throws MalformedJsonException {
    try {
      return DomainPattern.parse(in.string());
    } catch (InvalidDomainNameException e) {
      throw in.malformed(e.getMessage() + "; allowed is a domain or *.domain");
    }
  }

  private static StsPolicy policy(JsonReader in) throws MalformedJsonException {
    Optional<StsMode> mode = Optional.empty();
    List<MxPattern> mx = List.of();
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "mode" -> mode = Optional.of(in.word(StsMode.values(), StsMode::keyword));
        case "mx" -> mx = mx(in);
        default -> throw in.unknown("mode, mx");
      }
    }
    StsMode asked = mode.orElseThrow(() -> in.malformed("it has no mode"));
    refuse(in, StaticPolicy.flaw(asked, mx));
    return StaticPolicy.of(asked, mx);
  }

  private static List<MxPattern> mx(JsonReader in) throws MalformedJsonException {
    List<MxPattern> mx = new ArrayList<>();
    in.enterArray();
    while (in.nextItem()) {
      try {
        MxPattern pattern = MxPattern.parse(in.string());
        if (mx.contains(pattern)) {
          throw in.malformed(pattern + " is there already");
        }
        if (mx.size() == StaticPolicy.MAX_MX) {
          throw in.malformed("there are more than " + StaticPolicy.MAX_MX + " mx patterns");
        }
        mx.add(pattern);
      } catch (InvalidDomainNameException e) {
        throw in.malformed(e.getMessage() + "; allowed is a host or *.domain");
      }
    }
    return mx;
  }

  private void exempt(JsonReader in) throws MalformedJsonException {
    in.enterArray();
    while (in.nextItem()) {
      FailureKind kind = in.word(FailureKind.values(), FailureKind::keyword);
      if (!exempt.add(kind)) {
        throw in.malformed(kind.keyword() + " is there already");
      }
    }
  }

  private static String comment(JsonReader in) throws MalformedJsonException {
    String text = in.string();
    refuse(in, OperatorText.flawOf(text));
    return text;
  }

  private static void refuse(JsonReader in, Optional<String> flaw) throws MalformedJsonException {
    if (flaw.isPresent()) {
      throw in.malformed(flaw.get());
    }
  }
}
