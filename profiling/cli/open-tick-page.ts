/** The page of browser readers, where there is a browser to show it. */

import { checkBrowser } from '../../load-tests/generator/ticks/browser/chromium.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { TickPageHandle } from '../scenarios/scenario.ts';

/** @throws TouchlineError `TL_BROWSER_UNAVAILABLE` naming what to install */
export async function openTickPage(): Promise<TickPageHandle> {
  await checkBrowser();
  throw new TouchlineError('TL_BROWSER_UNAVAILABLE', 'the page of browser readers is not there yet');
}
