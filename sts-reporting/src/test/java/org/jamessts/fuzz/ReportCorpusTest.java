package org.jamessts.fuzz;

class ReportCorpusTest extends CorpusContract {
  @Override
  FuzzTarget[] targets() {
    return ReportTarget.values();
  }
}
