import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteTemplate, WordReader } from './byte-template.ts';

const ascii = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 });

it('finds a template where it stands, and nowhere else', () => {
  fc.assert(
    fc.property(ascii, ascii, ascii, (before, text, after) => {
      const bytes = Buffer.from(before + text + after, 'latin1');
      const view = new WordReader().of(bytes);
      const template = new ByteTemplate(text);
      for (let at = 0; at <= bytes.length; at += 1) {
        const stands = bytes.toString('latin1', at, at + text.length) === text;
        expect(template.isAt(view, at, bytes.length)).toBe(stands);
      }
      expect(template.isAt(view, before.length, before.length + text.length - 1)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

it('looks at the buffer it is given, also one that is part of another', () => {
  const reader = new WordReader();
  const whole = Buffer.from('0123456789abcdefghij');
  const part = whole.subarray(10);
  expect(new ByteTemplate('0123456789').isAt(reader.of(whole), 0, 20)).toBe(true);
  expect(new ByteTemplate('abcdefghij').isAt(reader.of(part), 0, 10)).toBe(true);
});
