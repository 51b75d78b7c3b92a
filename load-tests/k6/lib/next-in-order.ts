/**
 * Knows the message that is due by how it begins and by the run it names, without parsing it: k6 spends two thirds of its time in
 * `JSON.parse` otherwise. The order of keys is a contract of the server (PROTOCOL.md); what differs is for a parser.
 */
export class NextInOrder {
  readonly #head: string;
  readonly #mark: string;

  constructor(matchId: number, runId: string) {
    this.#head = `{"type":"commentary","matchId":${matchId},"offset":`;
    this.#mark = `"text":"tl1:${runId}:`;
  }

  /**
   * @param offset the one that is due
   * @returns where the published text begins; undefined where this is not that message
   */
  textStart(message: string, offset: number): number | undefined {
    if (!message.startsWith(`${this.#head}${offset},"data":{`) || !message.endsWith('}}')) return undefined;
    const at = message.indexOf(this.#mark);
    return at < 0 ? undefined : at + '"text":"'.length;
  }
}
