/** What clinic doctor found, out of the page that it drew. */

import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';

const Issue = Type.Union([Type.Literal('performance'), Type.Literal('none'), Type.Literal('data')]);

const DoctorSchema = Type.Object({
  processStat: Type.Array(
    Type.Object({
      /** Epoch ms. */
      timestamp: Type.Number(),
      /** Of the event loop, ms. */
      delay: Type.Number(),
      /** Cores. */
      cpu: Type.Number(),
      handles: Type.Number(),
    }),
  ),
  analysis: Type.Object({
    /** Where doctor took the load to be, epoch ms; no numbers where it could not tell. */
    interval: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    issues: Type.Object({
      delay: Issue,
      cpu: Issue,
      memory: Type.Record(Type.String(), Issue),
      handles: Issue,
      loopUtilization: Issue,
    }),
    issueCategory: Type.String(),
  }),
});

export type DoctorFindings = Static<typeof DoctorSchema>;

const DATA = /<script type="application\/json" id="clinic-data">([\s\S]*?)<\/script>/;

/** @returns undefined where the page holds no such data */
export function readDoctorFindings(html: string): DoctorFindings | undefined {
  const text = DATA.exec(html)?.[1];
  if (text === undefined) return undefined;
  try {
    const data: unknown = JSON.parse(text);
    return Check(DoctorSchema, data) ? data : undefined;
  } catch {
    // Cut off.
    return undefined;
  }
}
