/** Reads what a server pushed. */

/** @returns null where it is no JSON object */
export function parseEvent(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    // No copy: this is done for each message, and k6 is slow at both.
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
