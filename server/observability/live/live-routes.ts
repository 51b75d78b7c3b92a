/** The routes of `/live`: the page, what it is made of, and its events. Everything comes from this port. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AdminAnswer, errorAnswer } from '../admin-answer.ts';
import type { AdminRoute } from '../admin-route.ts';
import { type LiveFeed, MAX_PAGES } from './live-feed.ts';
import { LIVE_HTML } from './page-html.ts';
import { LIVE_STYLE } from './page-style.ts';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Compiled modules of the page, in `page/` beside this file. */
const PAGE_MODULES = [
  'live-page',
  'chart',
  'chart-axes',
  'element',
  'feed',
  'format',
  'header',
  'history',
  'instances',
  'palette',
  'panel',
  'panels',
  'phases',
  'uplot',
] as const;

const { resolve } = createRequire(import.meta.url);

/** Routes by path. GET and open like `/metrics`: they show the same figures. */
export function liveRoutes(feed: LiveFeed): ReadonlyMap<string, AdminRoute> {
  const page = (text: string, type: string) => asset(async () => text, type);
  return new Map<string, AdminRoute>([
    ['/live', page(LIVE_HTML, 'text/html')],
    ['/live/style.css', page(LIVE_STYLE, 'text/css')],
    ['/live/uplot.css', asset(() => readPackageFile('uplot/dist/uPlot.min.css'), 'text/css')],
    ['/live/uplot.js', asset(() => readPackageFile('uplot/dist/uPlot.iife.min.js'), 'text/javascript')],
    ...PAGE_MODULES.map(
      (name) => [`/live/page/${name}.js`, asset(() => readModule(name), 'text/javascript')] as const,
    ),
    [
      '/live/events',
      {
        method: 'GET',
        access: 'open',
        async stream(response) {
          if (feed.isFull) {
            return errorAnswer(
              'TL_TOO_MANY_PAGES',
              `expected at most ${MAX_PAGES} open pages of /live; close one and reload`,
              { 'retry-after': '5' },
            );
          }
          feed.open(response);
          return null;
        },
      },
    ],
  ]);
}

function asset(read: () => Promise<string>, type: string): AdminRoute {
  return {
    method: 'GET',
    access: 'open',
    async answer(): Promise<AdminAnswer> {
      return {
        status: 200,
        contentType: `${type}; charset=utf-8`,
        body: await read(),
        headers: {
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'referrer-policy': 'no-referrer',
          'cross-origin-resource-policy': 'same-origin',
        },
      };
    },
  };
}

function readPackageFile(path: string): Promise<string> {
  return readFile(resolve(path), 'utf8');
}

function readModule(name: string): Promise<string> {
  return readFile(new URL(`./page/${name}.js`, import.meta.url), 'utf8');
}
