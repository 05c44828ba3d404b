package org.jamessts.fuzz;

class ReportFuzzing extends FuzzingContract {
  @Override
  FuzzTarget[] targets() {
    return ReportTarget.values();
  }
}
