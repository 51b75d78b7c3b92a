/** Options of profiles: what is looked for inside of the server while it is measured. */

import { SCENARIO_NAMES } from '../../record/run-record.ts';
import type { OptionDefinition } from './option-definition.ts';
import { parseChoice } from './option-values.ts';

export const PROFILE_CHOICES = ['cpu', 'heap', 'both'] as const;
export type ProfileChoice = (typeof PROFILE_CHOICES)[number];

export const PROFILE_OPTIONS = {
  profile: {
    form: 'optional',
    placeholder: '<what>',
    absent: 'nothing is profiled',
    parse: (text) => parseChoice<ProfileChoice>(text, PROFILE_CHOICES),
    commands: [...SCENARIO_NAMES, 'profile', 'benchmark'],
    help: 'Profiles the server in each measured window: cpu names the hottest functions and draws a flame graph, heap names who allocates what stays alive (memory always does, and then keeps its heap snapshots), both.',
  },
} as const satisfies Record<string, OptionDefinition>;
