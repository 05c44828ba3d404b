/**
 * What would become of mail if the rules were others: DANE switched on, policies in mode {@code
 * testing} enforced, a minimum for all. {@link org.jamessts.whatif.WhatIf} judges domains by the
 * DNS, by their policies and by what sessions have shown lately; it connects to no mail host, keeps
 * no policy and counts no session. Where nothing of that tells, it says so.
 */
@NullMarked
package org.jamessts.whatif;

import org.jspecify.annotations.NullMarked;
