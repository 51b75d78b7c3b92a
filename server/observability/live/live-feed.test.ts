import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LiveMoment } from './live-contract.ts';
import { LiveFeed, MAX_PAGES } from './live-feed.ts';

/** A response that remembers what it was sent. */
class Page {
  text = '';
  writableLength = 0;
  isEnded = false;
  #onClose: () => void = () => {};
  writeHead(): void {}
  write(text: string): void {
    this.text += text;
  }
  end(text: string): void {
    this.text += text;
    this.isEnded = true;
  }
  destroy(): void {
    this.leave();
  }
  on(event: string, act: () => void): this {
    if (event === 'close') this.#onClose = act;
    return this;
  }
  leave(): void {
    this.#onClose();
  }
  get moments(): readonly number[] {
    return [...this.text.matchAll(/^data: \{"atMs":(\d+)/gm)].map(([, atMs]) => Number(atMs));
  }
}

let looks: number;
let rests: number;
let epochMs: number;
let defects: unknown[];
let read: () => Promise<LiveMoment>;
let feed: LiveFeed;

beforeEach(() => {
  vi.useFakeTimers();
  looks = 0;
  rests = 0;
  epochMs = 1_000_000;
  defects = [];
  read = async () => {
    looks += 1;
    return { atMs: epochMs + looks, own: 'x', sources: [], problems: [] };
  };
  feed = new LiveFeed({
    read: () => read(),
    rest: () => {
      rests += 1;
    },
    epochMs: () => epochMs,
    onDefect: (error) => defects.push(error),
  });
});
afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

function open(): Page {
  const page = new Page();
  feed.open(page as never);
  return page;
}

it('looks once a second for all pages together', async () => {
  const first = open();
  const second = open();
  await vi.advanceTimersByTimeAsync(5_400);
  expect(looks).toBe(7);
  expect(first.moments).toHaveLength(7);
  expect(second.moments).toEqual(first.moments);
});

it('looks at nothing before a page opens and after the last has gone', async () => {
  await vi.advanceTimersByTimeAsync(3_000);
  expect(looks).toBe(0);
  const page = open();
  await vi.advanceTimersByTimeAsync(1_500);
  page.leave();
  const seen = looks;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(seen);
  expect(rests).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

it('gives a page that comes late what was seen before, 300 moments and five minutes at most', async () => {
  open();
  await vi.advanceTimersByTimeAsync(400_000);
  expect(open().moments).toHaveLength(300);
  epochMs += 700_000;
  expect(open().moments).toHaveLength(0);
});

it('goes on when a look fails, and tells it', async () => {
  const page = open();
  await vi.advanceTimersByTimeAsync(100);
  const works = read;
  read = async () => {
    throw new Error('no figures');
  };
  await vi.advanceTimersByTimeAsync(400);
  expect(defects).toEqual([new Error('no figures')]);
  read = works;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(page.moments).toHaveLength(2);
});

it('begins again for a page that opens while the last look of another is under way', async () => {
  let finish: (moment: LiveMoment) => void = () => {};
  read = () =>
    new Promise((resolve) => {
      finish = resolve;
    });
  open().leave();
  const page = open();
  finish({ atMs: 1, own: 'x', sources: [], problems: [] });
  await vi.advanceTimersByTimeAsync(0);
  expect(page.moments).toEqual([1]);
  await vi.advanceTimersByTimeAsync(400);
  finish({ atMs: 2, own: 'x', sources: [], problems: [] });
  await vi.advanceTimersByTimeAsync(0);
  expect(page.moments).toEqual([1, 2]);
});

it('is full at some number of pages, cuts one that does not read, and ends all at the close', async () => {
  const pages = Array.from({ length: MAX_PAGES }, open);
  expect(feed.isFull).toBe(true);
  const [stuck, ...others] = pages;
  if (stuck !== undefined) stuck.writableLength = 100_000_000;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(feed.pages).toBe(MAX_PAGES - 1);
  feed.close();
  for (const page of others) {
    expect(page.isEnded).toBe(true);
    expect(page.text).toMatch(/event: stopped\ndata: \{\}\n\n$/);
  }
  expect(vi.getTimerCount()).toBe(0);
});
