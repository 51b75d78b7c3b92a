/** Which messages the server broadcast, as far as its answers and the clients together tell. */

/** One message the server is known to have broadcast. */
export interface Broadcast {
  readonly offset: number;
  /** When its request was sent, µs. */
  readonly sentUs: number;
}

/** A request whose answer named no offset: it may have been broadcast nevertheless. */
export interface UnconfirmedPublish {
  /** It was answered 201 all the same: members are owed its message though nobody says where in the room it stands. */
  readonly isAccepted: boolean;
  readonly seq: number;
  readonly sentUs: number;
}

/** At which offset some client saw the message of an unconfirmed request. */
export interface Sighting {
  readonly seq: number;
  readonly offset: number;
}

/**
 * All broadcasts by offset: the accepted ones, and those without an offset that clients saw anyway (the answer
 * was lost, not the message), which every other member is then owed too. An accepted one that nobody saw stands
 * beside the one that was sent before it.
 */
export function knownBroadcasts(
  accepted: readonly Broadcast[],
  unconfirmed: readonly UnconfirmedPublish[],
  sightings: readonly Sighting[],
): readonly Broadcast[] {
  const byOffset = new Map(accepted.map((broadcast) => [broadcast.offset, broadcast]));
  const offsetBySeq = new Map(sightings.map(({ seq, offset }) => [seq, offset]));
  const unseen: UnconfirmedPublish[] = [];
  for (const publish of unconfirmed) {
    const offset = offsetBySeq.get(publish.seq);
    if (offset === undefined) unseen.push(publish);
    else if (!byOffset.has(offset)) byOffset.set(offset, { offset, sentUs: publish.sentUs });
  }
  const located = [...byOffset.values()].sort((a, b) => a.offset - b.offset);
  const owed = unseen.filter((publish) => publish.isAccepted);
  return owed.length === 0 ? located : placeUnseen(located, owed);
}

/** @param located ascending by offset */
function placeUnseen(
  located: readonly Broadcast[],
  unseen: readonly UnconfirmedPublish[],
): readonly Broadcast[] {
  // Where nothing is known before it, what comes first stands for it; a room nobody else uses begins with 1.
  let offset = located[0]?.offset ?? 1;
  const isLocated = new Set<Broadcast>(located);
  const all: Broadcast[] = [...located, ...unseen.map(({ sentUs }) => ({ offset: 0, sentUs }))];
  return all
    .sort((a, b) => a.sentUs - b.sentUs)
    .map((broadcast) => {
      if (!isLocated.has(broadcast)) return { offset, sentUs: broadcast.sentUs };
      offset = Math.max(offset, broadcast.offset);
      return broadcast;
    })
    .sort((a, b) => a.offset - b.offset);
}
