package org.jamessts.delivery;

/**
 * How a mailet appears to hosts, and gets at them.
 *
 * @param parameters of the mailet
 * @param greeting its name in EHLO
 */
record Sender(DeliveryParameters parameters, String greeting) {}
