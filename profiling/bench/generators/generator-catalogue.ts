/** The generators that are compared: ours, and those that people reach for. */

export const GENERATOR_NAMES = ['touchline', 'k6', 'artillery', 'ws'] as const;
export type GeneratorName = (typeof GENERATOR_NAMES)[number];

export interface GeneratorTexts {
  readonly title: string;
  /** What it says of pushed messages by itself, without a line of script. */
  readonly byItself: string;
}

export const GENERATORS: Readonly<Record<GeneratorName, GeneratorTexts>> = {
  touchline: {
    title: 'touchline',
    byItself:
      'latency from the intended and from the actual send, lost, repeated, out of order, wrong room, corrupt',
  },
  k6: {
    title: 'k6',
    byItself: 'how many messages came (`ws_msgs_received`); latency and loss: cannot see it',
  },
  artillery: {
    title: 'Artillery',
    byItself: 'nothing: its WebSocket engine drops what is pushed; latency and loss: cannot see it',
  },
  ws: { title: 'plain ws script', byItself: 'nothing that is not written by hand' },
};
