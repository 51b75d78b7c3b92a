import { describe, expect, it } from 'vitest';
import { checkHttpPlan, type HttpLoadPlan } from './http-plan.ts';

const PLAN: HttpLoadPlan = {
  target: { httpUrl: 'http://127.0.0.1:8000' },
  request: { method: 'GET', path: '/livez', body: null, withToken: false },
  connections: 1,
  warmUpMs: 0,
  measureMs: 100,
  timeoutMs: 1_000,
};

describe('checkHttpPlan', () => {
  it('takes a plan that can be carried out', () => {
    expect(() => checkHttpPlan(PLAN)).not.toThrow();
  });

  it('names all that is wrong', () => {
    const wrong = {
      ...PLAN,
      target: { httpUrl: 'ws://h' },
      request: { ...PLAN.request, path: '/a b\r\nHost: evil' },
      connections: 0,
      measureMs: 0,
      timeoutMs: 10,
    };
    expect(() => checkHttpPlan(wrong)).toThrow(
      /an http:\/\/ or https:\/\/ origin; received ws:.*a path that begins.*at least 1 connection.*window above 0.*timeout of 1000 ms/s,
    );
  });
});
