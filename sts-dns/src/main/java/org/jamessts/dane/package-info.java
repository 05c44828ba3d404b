/**
 * DANE for SMTP (RFC 7672, over RFC 7671 and 6698): what a domain says, in TLSA records that DNSSEC
 * proves, of the certificates of its mail hosts. {@link org.jamessts.dane.DaneRecords} asks the DNS
 * where the records of a host may be and answers with a {@link org.jamessts.dane.DaneLookup}, in
 * which "must match these", "must be TLS", "nothing is promised" and "nobody could tell" are four
 * different values. {@link org.jamessts.dane.TlsaSet} holds what of the records can be used, and
 * {@link org.jamessts.dane.DaneCertificates} says whether a presented chain satisfies it.
 *
 * <p>Nothing here knows which mail is to be sent: whether a host may be used is decided elsewhere.
 */
@NullMarked
package org.jamessts.dane;

import org.jspecify.annotations.NullMarked;
