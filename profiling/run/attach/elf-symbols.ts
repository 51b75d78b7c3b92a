/** Which symbols a program or library exports, read from its ELF tables: nothing is run. */

import { type FileHandle, open } from 'node:fs/promises';

const ELF_64_LITTLE = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const FILE_HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const DYNAMIC_SYMBOLS = 11;
/** Of Node.js 24 the tables of symbols and of names are 3 and 12 MB. */
const LARGEST_TABLE_BYTES = 256_000_000;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** Index of the section with its names. */
  readonly link: number;
}

/** `defined`: others may call it; `needed`: the program itself takes it from a library. */
export type SymbolState = 'defined' | 'needed' | 'absent';

/**
 * Looks a dynamic symbol up.
 *
 * @returns `absent` too where the file is no 64-bit little-endian ELF file, or is cut short
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.symtab.html
 */
export async function dynamicSymbol(file: string, symbol: string): Promise<SymbolState> {
  const handle = await open(file, 'r');
  try {
    const sections = await readSections(handle);
    const symbols = sections.find(({ type }) => type === DYNAMIC_SYMBOLS);
    const names = sections[symbols?.link ?? -1];
    if (symbols === undefined || names === undefined) return 'absent';
    return stateOf(await readTable(handle, symbols), await readTable(handle, names), symbol);
  } finally {
    await handle.close();
  }
}

async function readSections(handle: FileHandle): Promise<readonly Section[]> {
  const header = await readBytes(handle, 0, FILE_HEADER_BYTES);
  if (header.length < FILE_HEADER_BYTES || !header.subarray(0, 6).equals(ELF_64_LITTLE)) return [];
  const offset = Number(header.readBigUInt64LE(40));
  const entryBytes = header.readUInt16LE(58);
  const count = header.readUInt16LE(60);
  if (entryBytes !== SECTION_HEADER_BYTES) return [];
  const table = await readBytes(handle, offset, count * entryBytes);
  return Array.from({ length: Math.floor(table.length / entryBytes) }, (_, index) =>
    toSection(table.subarray(index * entryBytes)),
  );
}

function toSection(entry: Buffer): Section {
  return {
    type: entry.readUInt32LE(4),
    offset: Number(entry.readBigUInt64LE(24)),
    size: Number(entry.readBigUInt64LE(32)),
    link: entry.readUInt32LE(40),
  };
}

async function readTable(handle: FileHandle, { offset, size }: Section): Promise<Buffer> {
  return size > LARGEST_TABLE_BYTES ? Buffer.alloc(0) : readBytes(handle, offset, size);
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(position) || !Number.isSafeInteger(length)) return Buffer.alloc(0);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function stateOf(symbols: Buffer, names: Buffer, symbol: string): SymbolState {
  const wanted = Buffer.from(`${symbol}\0`);
  for (let at = 0; at + SYMBOL_BYTES <= symbols.length; at += SYMBOL_BYTES) {
    const name = symbols.readUInt32LE(at);
    const isNamed = names.subarray(name, name + wanted.length).equals(wanted);
    if (isNamed) return symbols.readUInt16LE(at + 6) === 0 ? 'needed' : 'defined';
  }
  return 'absent';
}
