/** Asks until the answer holds, or 15 s passed; each question is a round trip to another process. @returns the last answer */
export async function until<Value>(
  read: () => Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<Value> {
  const deadlineMs = performance.now() + 15_000;
  let value = await read();
  while (!holds(value) && performance.now() < deadlineMs) value = await read();
  return value;
}
