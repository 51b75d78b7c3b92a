/** How commentary looks on the wire. Load clients read these bytes without parsing JSON: the key order is a contract. */

import type { Commentary, CommentaryMessage, StoredCommentary } from '../../protocol/messages.ts';

/** Where an item stands. */
export interface CommentaryPlace {
  readonly matchId: number;
  readonly offset: number;
}

/** `{"type":"commentary","matchId":…,"offset":…,"data":{…}}` without spaces, keys in this order. */
export function encodeCommentary(place: CommentaryPlace, item: Commentary): string {
  const { id, minute, text, createdAt, publishedAtNs } = item;
  const message: CommentaryMessage = {
    type: 'commentary',
    matchId: place.matchId,
    offset: place.offset,
    data: { id, minute, text, createdAt, publishedAtNs },
  };
  return JSON.stringify(message);
}

/** Reads back what {@link encodeCommentary} wrote. */
export function decodeCommentary(encoded: string, epoch: string): StoredCommentary {
  const { matchId, offset, data } = JSON.parse(encoded) as CommentaryMessage;
  return { matchId, epoch, offset, ...data };
}
