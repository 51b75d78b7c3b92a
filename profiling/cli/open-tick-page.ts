/** The page of browser readers, where there is a browser to show it. */

import { checkBrowser } from '../../load-tests/generator/ticks/browser/chromium.ts';
import { TickPage } from '../../load-tests/generator/ticks/browser/tick-page-server.ts';
import type { TickPageHandle } from '../scenarios/scenario.ts';

/** @throws TouchlineError `TL_BROWSER_UNAVAILABLE` naming what to install */
export async function openTickPage(): Promise<TickPageHandle> {
  await checkBrowser();
  const page = await TickPage.start();
  return { origin: page.origin, close: () => page.stop() };
}
