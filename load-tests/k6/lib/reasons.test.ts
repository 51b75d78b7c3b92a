import { expect, it } from 'vitest';
import { CLOSE } from '../../../server/protocol/close-codes.ts';
import { WS_ERRORS } from '../../../server/protocol/error-codes.ts';
import { HTTP_STATUS_BY_CODE } from '../../../server/transport/http-errors.ts';
import { METRICS } from './metric-names.ts';
import { ALWAYS, reasonsOf, reasonThresholds } from './reasons.ts';

const named = Object.keys(reasonThresholds());

it.each([
  ['close code', METRICS.disconnects, 'reason', Object.values(CLOSE).map(({ code }) => code)],
  ['status', METRICS.publishFailures, 'reason', Object.values(HTTP_STATUS_BY_CODE)],
  ['status', 'http_reqs', 'status', Object.values(HTTP_STATUS_BY_CODE)],
  ['error event', METRICS.errors, 'reason', Object.keys(WS_ERRORS)],
])('every %s of the server is a reason that %s tells', (_, metric, label, all) => {
  // Nobody hears 1005: it says that no code came.
  const codes = all.filter((code) => code !== CLOSE.noCode.code);
  expect(named).toEqual(expect.arrayContaining(codes.map((code) => `${metric}{${label}:${code}}`)));
});

it('asks k6 for each reason with a threshold that always holds', () => {
  expect(new Set(Object.values(reasonThresholds()).flat())).toEqual(new Set([ALWAYS]));
});

it('tells those that came, the largest first', () => {
  const counts: Readonly<Record<string, number>> = {
    [METRICS.publishFailures]: 10,
    [`${METRICS.publishFailures}{reason:401}`]: 3,
    [`${METRICS.publishFailures}{reason:no answer}`]: 5,
    [`${METRICS.disconnects}{reason:4001}`]: 1,
  };
  expect(reasonsOf((metric) => counts[metric] ?? 0)).toEqual({
    connectFailures: [],
    disconnects: [['4001', 1]],
    publishFailures: [
      ['no answer', 5],
      ['401', 3],
      ['something else', 2],
    ],
    errors: [],
    httpAnswers: [],
  });
});
