/** How many connections each client address holds. Entries go when the last connection goes. */
export interface AddressCounts {
  readonly size: number;
  count(address: string): number;
  add(address: string): void;
  remove(address: string): void;
}

export function createAddressCounts(): AddressCounts {
  const counts = new Map<string, number>();
  return {
    get size() {
      return counts.size;
    },
    count: (address) => counts.get(address) ?? 0,
    add: (address) => void counts.set(address, (counts.get(address) ?? 0) + 1),
    remove(address) {
      const left = (counts.get(address) ?? 0) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    },
  };
}
