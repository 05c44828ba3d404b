/**
 * Reports as they leave: {@link org.jamessts.tlsrpt.document.JsonReport} is the document of RFC
 * 8460 §4.4, {@link org.jamessts.tlsrpt.document.DraftReport} the one of the draft of 2016 (-00 §4
 * and Appendices 3 and 4), {@link org.jamessts.tlsrpt.document.ReportFile} the file in which one
 * travels (§5.1). All are functions of values: what is the same goes out the same, octet by octet.
 *
 * <p>The two systems do not mix: what happened under a {@code v=STS1} record is told in its own
 * report alone, since RFC 8460 has no type for such a policy.
 *
 * <p>The draft's report contradicts itself in places. What holds here:
 *
 * <ol>
 *   <li>The schema of Appendix 3 does not qualify local elements, the sample of Appendix 4 does:
 *       they are qualified.
 *   <li>The prose of §4 has {@code certificate-mismatch}, which the schema has forgotten: {@code
 *       CertificateMismatch}.
 *   <li>The policy has a list of patterns and the schema one {@code mx}: they are joined by commas,
 *       as in the record.
 *   <li>There is no word for a handshake that failed otherwise: it counts as {@code
 *       StarttlsNotSupported}, since there was no TLS.
 *   <li>{@code record} must be there at least once: a day without failures has no report.
 * </ol>
 *
 * <p>Its schema has no place for anything else. Where the operator wants told what hosts showed, a
 * {@code record} ends with elements of a namespace of our own, which {@code forensic-details.xsd}
 * beside these classes describes; without them the document is the draft's.
 */
@NullMarked
package org.jamessts.tlsrpt.document;

import org.jspecify.annotations.NullMarked;
