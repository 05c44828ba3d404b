package org.jamessts.preload;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;
import org.jamessts.preload.PreloadListParse.Invalid;
import org.jamessts.preload.PreloadListParse.Parsed;

/**
 * Reads version 0.1 of the STARTTLS Everywhere policy list. What its schema and the description of
 * the format leave open, or say differently, is settled here and in {@link PreloadEntry}:
 *
 * <ul>
 *   <li>Only version {@code "0.1"} is read: another one may say things that must not be overlooked.
 *   <li>{@code pin} makes the list invalid: without it, the policy would promise less than its
 *       domain asked for. {@code pinsets}, to which nothing refers then, are passed over.
 *   <li>{@code report} and {@code mta-sts} are passed over. Reports go where the domain's TLSRPT
 *       record says, and MTA-STS is looked for at every domain.
 *   <li>Nothing may stand beside a {@code policy-alias}, and an alias has a policy of its own.
 *   <li>A pattern with a leading dot covers subdomains of any depth.
 * </ul>
 */
final class PreloadListParser {

  private static final long LAST_SECOND_OF_9999 = 253_402_300_799L;

  private Optional<Instant> timestamp = Optional.empty();
  private Optional<Instant> expires = Optional.empty();
  private boolean hasVersion;
  private boolean hasPolicies;
  private final Map<String, PreloadedPolicy> aliases = new HashMap<>();
  private final Map<DomainName, PreloadedPolicy> policies = new HashMap<>();

  /** Domains whose alias is not known yet, since aliases may follow policies. */
  private final Map<DomainName, String> pending = new HashMap<>();

  /** Equal policies are one object: large providers receive the mail of very many domains. */
  private final Map<PreloadedPolicy, PreloadedPolicy> shared = new HashMap<>();

  private PreloadListParser() {}

  static PreloadListParse parse(byte[] json) {
    if (json.length > PreloadList.MAX_OCTETS) {
      return new Invalid("it has " + json.length + " octets, over " + PreloadList.MAX_OCTETS);
    }
    try {
      return new Parsed(JsonReader.read(json, new PreloadListParser()::list));
    } catch (MalformedJsonException e) {
      return new Invalid(e.reason());
    }
  }

  private PreloadList list(JsonReader in) throws MalformedJsonException {
    in.enterObject();
    while (in.nextMember()) {
      switch (in.name()) {
        case "timestamp" -> timestamp = Optional.of(moment(in));
        case "expires" -> expires = Optional.of(moment(in));
        case "version" -> version(in);
        case "author" -> in.string();
        case "pinsets" -> in.skip();
        case "policy-aliases" -> aliases(in);
        case "policies" -> policies(in);
        default ->
            throw in.unknown(
                "timestamp, expires, version, author, pinsets, policy-aliases, policies");
      }
    }
    if (!hasVersion || !hasPolicies) {
      throw in.malformed("it has no " + (hasVersion ? "policies" : "version"));
    }
    resolvePending(in);
    return new PreloadList(
        timestamp.orElseThrow(() -> in.malformed("it has no timestamp")),
        expires.orElseThrow(() -> in.malformed("it has no expires")),
        policies);
  }

  private static Instant moment(JsonReader in) throws MalformedJsonException {
    return in.isNumber() ? Instant.ofEpochSecond(in.integer(LAST_SECOND_OF_9999)) : in.instant();
  }

  private void version(JsonReader in) throws MalformedJsonException {
    String text = in.string();
    if (!text.equals("0.1")) {
      throw in.notAllowed(text, "0.1");
    }
    hasVersion = true;
  }

  private void aliases(JsonReader in) throws MalformedJsonException {
    in.enterObject();
    while (in.nextMember()) {
      String name = in.name();
      PreloadEntry entry = PreloadEntry.read(in);
      if (entry.policy().isEmpty()) {
        throw in.malformed("an alias may not name another");
      }
      aliases.put(name, share(entry.policy().get()));
    }
  }

  private void policies(JsonReader in) throws MalformedJsonException {
    hasPolicies = true;
    in.enterObject();
    while (in.nextMember()) {
      DomainName domain = PreloadEntry.domain(in, in.name());
      PreloadEntry entry = PreloadEntry.read(in);
      // Keys that differ in case alone are one domain, which the reader of JSON cannot know.
      if (policies.containsKey(domain) || pending.containsKey(domain)) {
        throw in.malformed(domain + " is listed already");
      }
      Optional<PreloadedPolicy> policy =
          entry.policy().map(this::share).or(() -> entry.alias().map(aliases::get));
      if (policy.isPresent()) {
        policies.put(domain, policy.get());
      } else {
        entry.alias().ifPresent(alias -> pending.put(domain, alias));
      }
    }
  }

  private PreloadedPolicy share(PreloadedPolicy policy) {
    return shared.computeIfAbsent(policy, same -> same);
  }

  private void resolvePending(JsonReader in) throws MalformedJsonException {
    for (Map.Entry<DomainName, String> entry : pending.entrySet()) {
      PreloadedPolicy policy = aliases.get(entry.getValue());
      if (policy == null) {
        throw in.malformed(
            "/policies/"
                + entry.getKey()
                + ": there is no policy-alias "
                + MalformedJsonException.quoted(entry.getValue()));
      }
      policies.put(entry.getKey(), policy);
    }
  }
}
