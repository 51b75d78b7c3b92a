/** Finds a browser and what drives it. Both are loaded where a plan wants them, and nowhere else. */

import { access, constants } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { TouchlineError } from '../../../../server/protocol/touchline-error.ts';

/** Where distributions put it; Debian's comes first. */
const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Whether a browser reader could start.
 *
 * @throws TouchlineError `TL_BROWSER_UNAVAILABLE` naming what to install
 */
export async function checkBrowser(executablePath?: string): Promise<void> {
  await findChromium(executablePath);
  await loadPlaywright();
}

/**
 * Starts a headless browser with a fresh profile.
 *
 * @throws TouchlineError `TL_BROWSER_UNAVAILABLE`; see {@link checkBrowser}
 */
export async function launchChromium(executablePath?: string): Promise<Browser> {
  const path = await findChromium(executablePath);
  const { chromium } = await loadPlaywright();
  return await chromium.launch({ executablePath: path, args: ARGUMENTS });
}

async function findChromium(executablePath?: string): Promise<string> {
  const candidates = executablePath === undefined ? USUAL_PATHS : [executablePath];
  for (const path of candidates) {
    if (await isExecutable(path)) return path;
  }
  throw new TouchlineError(
    'TL_BROWSER_UNAVAILABLE',
    `expected Chromium for a browser reader at ${candidates.join(' or ')}; none is there: apt-get install chromium`,
  );
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function loadPlaywright() {
  try {
    return await import('playwright-core');
  } catch (cause) {
    throw new TouchlineError(
      'TL_BROWSER_UNAVAILABLE',
      `expected the package playwright-core for a browser reader; it could not be loaded: npm install playwright-core`,
      { cause },
    );
  }
}
