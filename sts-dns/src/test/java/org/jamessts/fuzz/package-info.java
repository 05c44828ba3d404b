/**
 * Fuzzing of whatever reads what a stranger or an operator has written. A {@link
 * org.jamessts.fuzz.Target} takes any octets to one parser and checks what must hold for all of
 * them: there is a value or a reason; the value keeps the bounds that its type promises, means what
 * a second, deliberately simple reading of the same text finds, and survives being written and read
 * again. Where signatures decide, there is a small world in which the truth is known and nobody has
 * the keys: whatever the octets are, nothing but the truth is believed.
 *
 * <p>{@code CorpusTest} checks the files of the corpus, in every build. {@code Fuzzing} lets Jazzer
 * look for inputs of which nobody thought, in the Maven profile {@code fuzz}. The targets know
 * neither.
 */
@NullMarked
package org.jamessts.fuzz;

import org.jspecify.annotations.NullMarked;
