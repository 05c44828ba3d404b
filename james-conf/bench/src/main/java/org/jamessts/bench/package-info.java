/**
 * Measures the project against what it promises. {@link org.jamessts.bench.Benchmark} is the
 * program behind {@code james-conf/benchmark}; each suite fills a {@link
 * org.jamessts.bench.Report}, a table of medians, of which some have a target.
 *
 * <p>{@link org.jamessts.bench.PolicySuite} is about the policy service: {@code Flood} makes its
 * stores, {@link org.jamessts.bench.HotLookup}, {@link org.jamessts.bench.ColdLookup} and {@link
 * org.jamessts.bench.FirstLookup} run under JMH, each round in a JVM of its own; {@code HotHeap}
 * and {@code ScheduleCost} measure by themselves. Where two sizes are compared, their rounds
 * alternate, so that whatever else the machine does meets both.
 *
 * <p>Only the outside world is left out: {@code InstantDns} answers at once, and there is no policy
 * host, since everything was fetched before.
 *
 * <p>{@link org.jamessts.bench.DaneSuite} is about DNSSEC and DANE. Where it counts, the name
 * server of the tests does, whose zones are signed: {@code ColdDomains}, {@code EqualLookups}, and
 * {@code ManyDomains} with server and client in processes of their own. {@link
 * org.jamessts.bench.JudgeSession} runs under JMH.
 *
 * <p>{@link org.jamessts.bench.ReportSuite} is about counting sessions and reporting them: {@link
 * org.jamessts.bench.RecordSession} runs under JMH, {@link org.jamessts.bench.ReportDay} is a
 * process with a small heap.
 */
@NullMarked
package org.jamessts.bench;

import org.jspecify.annotations.NullMarked;
