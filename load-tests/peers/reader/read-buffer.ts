/** The one buffer into which every connection of the reader process reads. */

/** Room for the start of a frame that the last read cut: longer messages than this no peer sends. */
export const HEAD_ROOM_BYTES = 16 * 1024;
/** One read takes what the kernel has, up to this: it stays in the processor's cache while it is walked. */
const READ_BYTES = 256 * 1024;

export const readBuffer = Buffer.allocUnsafeSlow(HEAD_ROOM_BYTES + READ_BYTES);
export const readView = new DataView(readBuffer.buffer, readBuffer.byteOffset, readBuffer.byteLength);
