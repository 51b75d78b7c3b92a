/** snappyjs brings no types. */
declare module 'snappyjs' {
  /** The block format of Snappy, without framing. */
  export function compress(uncompressed: Uint8Array): Uint8Array;
  export function uncompress(compressed: Uint8Array): Uint8Array;
}
