import { describe, expect, it } from 'vitest';
import { isBearerToken, isHostAllowed } from './admin-access.ts';

describe('isHostAllowed', () => {
  it.each([
    '127.0.0.1:9464',
    '127.0.0.1',
    '10.1.2.3:80',
    '[::1]:9464',
    '[fe80::1]',
    'localhost',
    'LOCALHOST:1',
    'metrics.example:9464',
    'Metrics.Example',
  ])('%s may ask', (host) => {
    expect(isHostAllowed(host, ['metrics.example'])).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:9464',
    'localhost.evil.example',
    'evil-localhost',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    'evil.example@127.0.0.1',
    '::1',
    '[evil]',
    '[127.0.0.1]',
    '127.0.0.1:9464:1',
    'sub.metrics.example',
  ])('%s may not', (host) => {
    expect(isHostAllowed(host, ['metrics.example'])).toBe(false);
  });
});

describe('isBearerToken', () => {
  it.each(['Bearer s3cret', 'bearer s3cret', 'Bearer  s3cret '])('takes %j', (header) => {
    expect(isBearerToken(header, 's3cret')).toBe(true);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    's3cret',
    'Basic s3cret',
    'Bearer s3cre',
    'Bearer s3cretX',
    'Bearer s3cret x',
  ])('refuses %j', (header) => {
    expect(isBearerToken(header, 's3cret')).toBe(false);
  });

  it('takes nothing for an empty token', () => {
    expect(isBearerToken('Bearer ', '')).toBe(false);
  });
});
