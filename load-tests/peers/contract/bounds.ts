/** How much a peer may keep for one reader before it waits. */

/**
 * Bytes in the process, beyond what the kernel took. Peers with a queue of messages instead keep as many
 * as {@link BOUND_MESSAGES}; go/ and rust/ have the same number.
 */
export const BOUND_BYTES = 256 * 1024;

/** Messages of about 60 bytes: as much memory as {@link BOUND_BYTES}, with framing. */
export const BOUND_MESSAGES = 4_096;
