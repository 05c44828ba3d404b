package org.jamessts.preload;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;

/**
 * What stands at a domain or at an alias: either a policy or the name of an alias.
 *
 * @param policy the policy
 * @param alias the alias that has it
 */
record PreloadEntry(Optional<PreloadedPolicy> policy, Optional<String> alias) {

  /** No domain has so many hosts; look-ups walk through all of them. */
  private static final int MAX_MX = 100;

  private static final StsMode[] MODES = {StsMode.ENFORCE, StsMode.TESTING};

  static PreloadEntry read(JsonReader in) throws MalformedJsonException {
    Optional<String> alias = Optional.empty();
    Optional<StsMode> mode = Optional.empty();
    List<MxPattern> mx = List.of();
    int members = 0;
    in.enterObject();
    while (in.nextMember()) {
      members++;
      switch (in.name()) {
        case "policy-alias" -> alias = Optional.of(in.string());
        case "mode" -> mode = Optional.of(in.word(MODES, StsMode::keyword));
        case "mxs" -> mx = mx(in);
        case "mta-sts" -> in.flag();
        case "report" -> in.skip();
        case "pin" ->
            throw in.malformed(
                "pinned certificates are not supported, and a policy without its pin would promise"
                    + " less than its domain asked for");
        default -> throw in.unknown("policy-alias, or mode, mxs, mta-sts, report");
      }
    }
    if (alias.isPresent() && members > 1) {
      throw in.malformed("nothing may stand beside policy-alias");
    }
    if (alias.isEmpty() && (mode.isEmpty() || mx.isEmpty())) {
      throw in.malformed("it needs mode and mxs, or policy-alias");
    }
    List<MxPattern> patterns = mx;
    return new PreloadEntry(mode.map(word -> new PreloadedPolicy(word, patterns)), alias);
  }

  private static List<MxPattern> mx(JsonReader in) throws MalformedJsonException {
    List<MxPattern> mx = new ArrayList<>();
    in.enterArray();
    while (in.nextItem()) {
      MxPattern pattern = pattern(in, in.string());
      if (mx.contains(pattern)) {
        throw in.malformed(pattern + " is listed already");
      }
      mx.add(pattern);
      if (mx.size() > MAX_MX) {
        throw in.malformed("there are more than " + MAX_MX + " patterns");
      }
    }
    return mx;
  }

  private static MxPattern pattern(JsonReader in, String text) throws MalformedJsonException {
    return text.startsWith(".")
        ? MxPattern.subdomainsOf(domain(in, text.substring(1)))
        : new MxPattern(MxPattern.Kind.HOST, domain(in, text));
  }

  /** A name without a root dot, which the schema of the list does not have. */
  static DomainName domain(JsonReader in, String text) throws MalformedJsonException {
    if (text.endsWith(".")) {
      throw in.malformed(MalformedJsonException.quoted(text) + " ends with a dot");
    }
    try {
      return DomainName.parse(text);
    } catch (InvalidDomainNameException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }
}
