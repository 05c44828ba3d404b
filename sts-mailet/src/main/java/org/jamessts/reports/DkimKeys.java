package org.jamessts.reports;

import java.util.List;
import org.apache.james.jdkim.api.PublicKeyRecordRetriever;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.apache.james.jdkim.exceptions.TempFailException;
import org.jamessts.dns.DnsAnswer;
import org.jamessts.dns.DomainName;
import org.jamessts.dns.InvalidDomainNameException;
import org.jamessts.dns.Resolver;

/**
 * Gets the keys of one mail's signatures out of the DNS (RFC 6376 §3.6.2), with the resolver that
 * asks for everything else. No more than a few: a stranger chooses how many signatures there are.
 */
final class DkimKeys implements PublicKeyRecordRetriever {

  private static final int MAX_LOOKUPS = 10;
  private static final int MAX_SELECTOR = 200;

  private final Resolver resolver;
  private int lookups;

  DkimKeys(Resolver resolver) {
    this.resolver = resolver;
  }

  @Override
  public List<String> getRecords(CharSequence method, CharSequence selector, CharSequence domain)
      throws TempFailException, PermFailException {
    if (!"dns/txt".contentEquals(method)) {
      throw new PermFailException("no way to get a key by " + method);
    }
    if (++lookups > MAX_LOOKUPS) {
      throw new PermFailException("the mail has over " + MAX_LOOKUPS + " signatures");
    }
    DnsAnswer<String> answer = resolver.txt(label(selector), domain(domain)).answer();
    if (answer instanceof DnsAnswer.Failed<String> failed) {
      throw new TempFailException("the key of " + domain + ": " + failed.detail());
    }
    return answer instanceof DnsAnswer.Found<String> found ? found.records() : List.of();
  }

  /** A selector is one label or several, as domain names have them (RFC 6376 §3.1). */
  private static String label(CharSequence selector) throws PermFailException {
    try {
      String name = DomainName.parse(selector + ".domainkey.invalid").value();
      if (selector.length() <= MAX_SELECTOR) {
        return name.substring(0, name.length() - ".domainkey.invalid".length()) + "._domainkey";
      }
    } catch (InvalidDomainNameException e) {
      // Said below.
    }
    throw new PermFailException("the selector is no name");
  }

  private static DomainName domain(CharSequence domain) throws PermFailException {
    try {
      return DomainName.parse(domain.toString());
    } catch (InvalidDomainNameException e) {
      throw new PermFailException("the signing domain is no name");
    }
  }
}
