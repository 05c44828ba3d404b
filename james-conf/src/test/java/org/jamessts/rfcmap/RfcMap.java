package org.jamessts.rfcmap;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The list of rules and what the tests claim, held against each other.
 *
 * @param rules in the order of the list
 * @param claims of all tests
 * @param sources tells production classes from others
 */
record RfcMap(List<StatedRule> rules, List<Claim> claims, Sources sources) {

  /** Writes the map. */
  static final String COMMAND =
      "mvn -B -q -pl james-conf -am test -Dtest=RfcMapTest -Dsts.rfcMap=write"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  /**
   * What is wrong, a line for each; none when every rule is shown or marked as pending.
   *
   * @param committed the map as it lies in the project; empty if there is none
   */
  List<String> problems(String committed) {
    List<String> problems = new ArrayList<>();
    rules.forEach(rule -> judge(rule, problems));
    claims.forEach(claim -> judge(claim, problems));
    if (!committed.equals(new MapPage(this).text())) {
      problems.add("docs/rfc-map.md is out of date; this writes it anew: " + COMMAND);
    }
    return problems;
  }

  private void judge(StatedRule rule, List<String> problems) {
    boolean shown = !claims(rule).isEmpty();
    if (!shown && !rule.pending()) {
      problems.add(rule.name() + " is shown by no test");
    }
    if (shown && rule.pending()) {
      problems.add(
          rule.name() + " is shown by " + claims(rule).get(0).who() + ": it is no longer pending");
    }
  }

  private void judge(Claim claim, List<String> problems) {
    Set<String> known = rules.stream().map(StatedRule::name).collect(Collectors.toSet());
    if (!known.contains(claim.rule())) {
      problems.add(claim.who() + " names a rule that is not in rules.tsv: " + claim.rule());
    }
    if (!claim.isRun()) {
      problems.add(claim.who() + " is no test that is run, and shows nothing of " + claim.rule());
    }
    if (claim.in().isEmpty()) {
      problems.add(claim.who() + " names no class that keeps to " + claim.rule());
    }
    for (JavaClass type : claim.in()) {
      if (sources.main(type).isEmpty()) {
        problems.add(claim.who() + " names " + Claim.nameOf(type) + ", no production class");
      }
    }
  }

  /** What is claimed of a rule. */
  List<Claim> claims(StatedRule rule) {
    return claims.stream().filter(claim -> claim.rule().equals(rule.name())).toList();
  }
}
