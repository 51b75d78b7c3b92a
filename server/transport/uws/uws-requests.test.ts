import { describe, expect, it } from 'vitest';
import type { UwsRequest, UwsResponse } from './uws-api.ts';
import { addressText, readUwsRequest } from './uws-requests.ts';

describe('addressText', () => {
  it.each([
    ['7f000001', '127.0.0.1'],
    ['00000000000000000000000000000001', '::1'],
    ['00000000000000000000ffff0a000001', '10.0.0.1'],
    ['20010db8000000000000000000000001', '2001:db8::1'],
  ])('%s is %s', (hex, text) => {
    expect(addressText(Buffer.from(hex, 'hex'))).toBe(text);
  });
});

describe('readUwsRequest', () => {
  const headers = [
    ['host', 'a.example'],
    ['host', 'b.example'],
    ['x-forwarded-for', '10.0.0.1'],
    ['x-forwarded-for', '10.0.0.2'],
    ['cookie', 'a=1'],
    ['cookie', 'b=2'],
  ] as const;
  const request: UwsRequest = {
    getMethod: () => 'get',
    getUrl: () => '/ws',
    getQuery: () => 'a=1',
    forEach(take) {
      for (const [name, value] of headers) take(name, value);
    },
  };
  const response = { getRemoteAddress: () => new Uint8Array([127, 0, 0, 1]).buffer } as UwsResponse;

  it('joins what came several times as Node does, and counts the Hosts', () => {
    expect(readUwsRequest(response, request)).toMatchObject({
      method: 'GET',
      url: '/ws?a=1',
      remoteAddress: '127.0.0.1',
      hosts: 2,
      headers: { host: 'a.example', 'x-forwarded-for': '10.0.0.1, 10.0.0.2', cookie: 'a=1; b=2' },
    });
  });
});
