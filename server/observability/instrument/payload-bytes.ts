/** How long a message is on the wire, whatever kind of data ws takes or gives. */

let lastText = '';
let lastTextBytes = 0;

/** Payload bytes of one message; 0 for what cannot be told. */
export function payloadBytes(data: unknown): number {
  if (typeof data === 'string') return textBytes(data);
  if (typeof data === 'number') return String(data).length;
  if (typeof data !== 'object' || data === null) return 0;
  if ('byteLength' in data && typeof data.byteLength === 'number') return data.byteLength;
  if (Array.isArray(data)) return listBytes(data);
  return 'size' in data && typeof data.size === 'number' ? data.size : 0;
}

/** A broadcast gives one text to thousands of connections, one after the other: it is measured once. */
function textBytes(text: string): number {
  if (text !== lastText) {
    lastText = text;
    lastTextBytes = Buffer.byteLength(text);
  }
  return lastTextBytes;
}

/** Fragments as ws gives them, or a list of bytes as it takes them. */
function listBytes(parts: readonly unknown[]): number {
  let bytes = 0;
  for (const part of parts) bytes += typeof part === 'number' ? 1 : payloadBytes(part);
  return bytes;
}
