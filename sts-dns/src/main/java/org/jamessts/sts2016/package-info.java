/**
 * SMTP STS as it was first proposed, draft-margolis-smtp-sts-00 of 18 March 2016, called -00 here:
 * the whole policy in one TXT record ({@link org.jamessts.sts2016.SmtpStsRecord}, §3). Only text
 * and values: who asks the DNS, who shows that a record is the domain's own and who keeps it live
 * elsewhere.
 *
 * <p>The draft contradicts itself in places and is silent in others. What holds here:
 *
 * <ol>
 *   <li>{@code dtext} of §3.1 is a slip: letters, digits and hyphens are meant.
 *   <li>§3 requires all of {@code mx}, {@code a}, {@code c} and {@code e}, §3.1 none, and the
 *       example of Appendix 2 has none: they may be missing with {@code to=false} alone.
 *   <li>{@code e} has up to ten digits: the six of §3.1 end below the "two weeks" of §3.2.
 *   <li>{@code v} comes first and {@code to} second; the rest in any order, as the comment says and
 *       the rule does not.
 *   <li>{@code a} is {@code webpki:} and a URI, as in §3, or the URI alone, as in §3.1. A semicolon
 *       always separates, though a URI may hold one: publishers write {@code %3B}.
 *   <li>The pattern {@code _.example.com} of the published text was {@code *.example.com} before it
 *       was rendered. It is no pattern.
 *   <li>Tags and words are without case, as RFC 5234 §2.3 says of such strings; {@code STS1} is
 *       not.
 *   <li>Unknown tags are ignored, and all but the first of duplicates. A known tag with a bad value
 *       makes the record invalid: to ignore it would drop a promise in silence. The rules are those
 *       of RFC 8461 §3.2.
 *   <li>White space may end the record, since the example of Appendix 2 ends so, though §3.1 wants
 *       a semicolon before it.
 * </ol>
 */
@NullMarked
package org.jamessts.sts2016;

import org.jspecify.annotations.NullMarked;
