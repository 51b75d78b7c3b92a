import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AFTER_SYMBOL, SymbolTable } from './symbol-table.ts';

const symbol = fc.stringMatching(/^[A-Z0-9.-]{1,12}$/);

it('finds every symbol it has, and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(symbol, { minLength: 1, maxLength: 200 }), symbol, (symbols, other) => {
      const table = new SymbolTable(symbols);
      expect(table.size).toBe(symbols.length);
      for (const each of [...symbols, other]) {
        const bytes = Buffer.from(each + AFTER_SYMBOL);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const isKnown = symbols.includes(each);
        expect(table.isSymbol(bytes, 0, each.length)).toBe(isKnown);
        // Long ones are found by isSymbol alone.
        expect(table.shortLengthAt(view, 0)).toBe(isKnown && each.length <= 7 ? each.length : 0);
      }
    }),
  );
});
