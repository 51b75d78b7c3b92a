/** Findings: what was seen, where, and what to do about it. */

import { failureFindings } from '../findings/connections.ts';
import { rigFindings } from '../findings/rig.ts';
import { formatList } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';
import { doubtsOf } from './checks/trust.ts';
import { capacityFindings } from './findings/capacity.ts';
import { integrityFindings } from './findings/integrity.ts';
import { readerFindings } from './findings/readers.ts';
import { slowReaderFindings } from './findings/slow-readers.ts';
import { sourceFindings } from './findings/sources.ts';
import { writingFindings } from './findings/writing.ts';
import { type FirehoseContext, isOverload } from './firehose-context.ts';
import type { SlowReaderPair } from './slow-reader-pairs.ts';

export interface Found {
  readonly context: FirehoseContext;
  readonly checks: readonly Check[];
  readonly slowReaders: readonly SlowReaderPair[];
}

/** The gravest first. */
export function findingsOf({ context, checks, slowReaders }: Found): readonly Finding[] {
  return [
    ...integrityFindings(context, checks),
    ...failures(context),
    ...capacityFindings(context),
    ...slowReaderFindings(slowReaders),
    ...writingFindings(context),
    ...readerFindings(context),
    ...sourceFindings(context),
    ...rig(context),
  ];
}

function failures(context: FirehoseContext): readonly Finding[] {
  const counted = context.cells.filter((cell) => !isOverload(cell, context));
  return failureFindings(
    counted.flatMap(({ failures: { connect, disconnects } }) => [...connect, ...disconnects]),
  );
}

function rig(context: FirehoseContext): readonly Finding[] {
  const places = context.cells
    .filter(({ part }) => part === 'search')
    .map((cell) => ({
      name: cell.label,
      problems: cell.problems,
      isJudged: doubtsOf(context, cell).length > 0,
    }));
  return rigFindings(places, {
    placesOf: (names) => `At ${formatList(names)}`,
    unjudged: 'The verdict does not depend on it.',
  });
}
