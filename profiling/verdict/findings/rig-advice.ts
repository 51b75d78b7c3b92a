/** What to do about a rig that cannot be trusted, by the reason. */

import type { ValidityCode } from '../verdict.ts';

export const RIG_ADVICE: Readonly<
  Record<ValidityCode, readonly [title: string, where: string, todo: string]>
> = {
  'generator-cpu': [
    'The load generator ran out of CPU',
    'the generator worker named under Validity',
    'Use more workers (--workers), free the machine of other work, or lower the rate.',
  ],
  'machine-cpu': [
    'The machine was full',
    'server, generator and everything else on this machine together',
    'Stop other work, or run the load from another machine with --url.',
  ],
  'generator-loop': [
    'The load generator read late',
    'the event loop of the generator worker named under Validity',
    'Use more workers, calibrate again on a quiet machine (npm run calibrate), or free the machine.',
  ],
  'rate-not-achieved': [
    'The load generator did not keep its schedule',
    'the publisher process',
    'Free the machine of other work or lower --rate.',
  ],
  'delivered-above-expected': [
    'More arrived than can have been sent',
    'the delivery ledger: another publisher in the same match, a feed that was behind as the window began, or a defect of the rig',
    'Use a match that nobody else publishes to, or a longer warm-up (--warm-up); if it stays, report it with the run.json.',
  ],
  'ledger-does-not-add-up': [
    'The delivery ledger does not add up',
    'load-tests/generator: its books disagree with themselves',
    'This is a defect of the rig: report it with the run.json.',
  ],
  'negative-latency': [
    'Messages arrived before they were sent',
    'the clocks of the processes that send and receive',
    'Run the whole load on one machine.',
  ],
  'load-side-limit': [
    'The load side ran into its own limits',
    'ports and file descriptors of the machine that makes the load',
    'Raise ulimit -n, widen net.ipv4.ip_local_port_range, or use more source addresses.',
  ],
  'identical-ceilings': [
    'All generator workers stopped at the same number',
    'a limit for each process on the load side',
    'Raise the limits of a process, or use more workers.',
  ],
  'not-steady': [
    'The measured window was not steady',
    'the two halves of the window, under Validity',
    'Measure longer (--duration); if latency keeps growing, the server is past its limit.',
  ],
  'counters-disagree': [
    'Server and clients count differently',
    'the cross-check under Validity',
    'Make sure that nobody else uses the server; if it stays, one of the two counts wrongly.',
  ],
  'nothing-measured': [
    'Nothing was measured',
    'the length of the window and the rate',
    'Measure longer (--duration) or publish more often (--rate).',
  ],
  'other-load': [
    'Other work ran on this machine',
    'processes that are neither server nor generator',
    'Stop them and run again: latencies here are worse than the server needs.',
  ],
  'window-cut-short': [
    'A tier was cut short',
    'the run was stopped, or the server went away',
    'Run again; if the server went away, look at its log.',
  ],
};
