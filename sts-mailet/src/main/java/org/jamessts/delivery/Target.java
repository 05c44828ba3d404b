package org.jamessts.delivery;

import org.jamessts.decide.DaneHost;
import org.jamessts.dns.AddressLookup;
import org.jamessts.dns.MxHost;

/**
 * A host and where it is.
 *
 * @param host its name and preference
 * @param addresses what the DNS says of its addresses
 * @param dane what DNSSEC proves of it
 */
record Target(MxHost host, AddressLookup addresses, DaneHost dane) {}
