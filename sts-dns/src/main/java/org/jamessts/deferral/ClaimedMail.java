package org.jamessts.deferral;

/**
 * A mail that is due, and that nobody else will take as long as the claim lasts.
 *
 * @param mail the mail
 * @param claim which claim this is; another one of the same mail has another value
 * @param parts in how many parts its content is kept
 */
public record ClaimedMail(DeferredMail mail, String claim, int parts) {}
