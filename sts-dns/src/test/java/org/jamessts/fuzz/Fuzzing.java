package org.jamessts.fuzz;

class Fuzzing extends FuzzingContract {
  @Override
  FuzzTarget[] targets() {
    return Target.values();
  }
}
