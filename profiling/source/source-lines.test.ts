import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceLines } from './source-lines.ts';

let folder: string;
let lines: SourceLines;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'touchline-lines-'));
  lines = new SourceLines(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `AAEI` of line 0: column 0 is line 2, column 4 of source 0; every `;` is a line without an entry. */
const MAP = { version: 3, file: 'x.js', names: [], mappings: ';AAEI' };

function write(file: string, text: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const place = (url: string, line = 1, column = 0) => ({ url, line, column, functionName: 'f' });

describe('where a function was written', () => {
  it('is the line of the source that the map names', () => {
    const path = write('dist/a/x.js', 'one\ntwo\n//# sourceMappingURL=x.js.map');
    write('dist/a/x.js.map', JSON.stringify({ ...MAP, sourceRoot: '../..', sources: ['src/x.ts'] }));
    const found = { functionName: 'f', file: 'src/x.ts', line: 3 };
    expect(lines.lookUp(place(pathToFileURL(path).href))).toEqual(found);
    expect(lines.lookUp(place(path, 1, 7))).toEqual(found);
  });

  it('may stand in the script itself', () => {
    const map = Buffer.from(JSON.stringify({ ...MAP, sources: ['y.ts'] })).toString('base64');
    const path = write(
      'y.js',
      `one\ntwo\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${map}\n`,
    );
    expect(lines.lookUp(place(path))).toMatchObject({ file: 'y.ts', line: 3 });
  });

  it.each([
    ['no map', 'one\ntwo\n'],
    ['a map that is missing', 'one\ntwo\n//# sourceMappingURL=missing.js.map'],
    ['a map that is no map', 'one\ntwo\n//# sourceMappingURL=broken.js.map'],
  ])('is the line of the script where there is %s', (what, text) => {
    write('broken.js.map', '{"version":3');
    const path = write(`${what.replaceAll(' ', '-')}.js`, text);
    expect(lines.lookUp(place(path, 1))).toMatchObject({
      file: `${what.replaceAll(' ', '-')}.js`,
      line: 2,
    });
  });

  it('is the line of the script before the first entry of a map', () => {
    const path = write('z.js', 'one\ntwo\n//# sourceMappingURL=z.js.map');
    write('z.js.map', JSON.stringify({ ...MAP, sources: ['z.ts'] }));
    expect(lines.lookUp(place(path, 0))).toMatchObject({ file: 'z.js', line: 1 });
  });

  it('is named from node_modules on in a package', () => {
    const path = write('node_modules/ws/lib/sender.js', 'one\ntwo\n//# sourceMappingURL=sender.js.map');
    write('node_modules/ws/lib/sender.js.map', JSON.stringify({ ...MAP, sources: ['sender.ts'] }));
    expect(lines.lookUp(place(path, 40))).toMatchObject({ file: 'node_modules/ws/lib/sender.js', line: 41 });
  });

  it('is left alone in Node and in V8', () => {
    expect(lines.lookUp(place('node:net', 9))).toMatchObject({ file: 'node:net', line: 10 });
    expect(lines.lookUp(place('', -1, -1))).toMatchObject({ file: '', line: 0 });
  });

  it('is absolute outside of the project', () => {
    expect(lines.lookUp(place('file:///elsewhere/a.js'))).toMatchObject({ file: '/elsewhere/a.js', line: 2 });
  });
});
