package org.jamessts.fuzz;

class CorpusTest extends CorpusContract {
  @Override
  FuzzTarget[] targets() {
    return Target.values();
  }
}
