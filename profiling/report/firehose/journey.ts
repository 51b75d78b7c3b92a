/** The way of a tick from the server to its reader: every buffer on it, and why a send rate is no throughput. */

import type { FirehoseRecord } from '../../record/firehose-record.ts';
import type { KernelLimits, SocketBuffers } from '../../record/socket-buffers-record.ts';
import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import {
  type Block,
  type Cell,
  type Column,
  cell,
  code,
  type RichText,
  type Section,
  strong,
} from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

/** Of a server frame up to 125 bytes long. */
const FRAME_HEADER_BYTES = 2;
/** A short JSON tick, and a binary one. */
const MESSAGE_BYTES = [50, 20] as const;

interface Stop {
  readonly what: string;
  readonly size: string;
  /** For the number of messages; null where it is none of bytes. */
  readonly bytes: number | null;
  readonly counted: RichText;
}

export function journeySection({ buffers }: FirehoseRecord): readonly Section[] {
  if (buffers === null) return [];
  return [
    {
      id: 'journey',
      title: 'The journey of a tick, and why a send rate is no throughput',
      blocks: [
        {
          kind: 'table',
          columns: [
            { title: 'Where it waits' },
            { title: 'Size on this machine' },
            ...MESSAGE_BYTES.map((bytes) => right(`${bytes}-byte messages`)),
            { title: 'Counted as it gets there' },
          ],
          rows: stopsOf(buffers).map(stopRow),
        },
        ...probeBlocks(buffers),
        {
          kind: 'paragraph',
          text: 'A server that counts its write() calls counts ticks as they enter the first of these buffers. Until all of them are full it can count any rate, whether anybody reads or not; after that it counts what piles up in its own memory. Only what a reader acknowledges has come out at the other end: throughput is delivered, and buffered − delivered is the rate at which the queue grows.',
        },
      ],
    },
  ];
}

function stopsOf(buffers: SocketBuffers): readonly Stop[] {
  const { batchTicks, conflationBytes, highWaterMarkBytes, send, receive } = buffers;
  return [
    {
      what: "the turn's batch, shared by all readers",
      size: batchTicks === null ? 'not known' : `${formatCount(batchTicks)} ticks at most`,
      bytes: null,
      counted: ['made, offered'],
    },
    {
      what: "the socket's queue in Node",
      size: `${formatBytes(highWaterMarkBytes)} until write() asks to wait${conflationBytes === null ? '' : `; conflated from ${formatBytes(conflationBytes)}`}`,
      bytes: conflationBytes ?? highWaterMarkBytes,
      counted: [strong('buffered'), ' (', code('touchline_ticks_buffered_total'), ')'],
    },
    {
      what: "the kernel's send buffer",
      size: limitsText(send, 'tcp_wmem'),
      bytes: send?.maxBytes ?? null,
      counted: [strong('flushed'), ' (', code('touchline_ticks_flushed_total'), ')'],
    },
    {
      what: "the kernel's receive buffer of the reader",
      size: limitsText(receive, 'tcp_rmem'),
      bytes: receive?.maxBytes ?? null,
      counted: 'nowhere: neither end sees it',
    },
    {
      what: "the reader's loop",
      size: 'one read after the other',
      bytes: null,
      counted: [
        'received; acknowledged, it is ',
        strong('delivered'),
        ' (',
        code('touchline_ticks_acknowledged_total'),
        ')',
      ],
    },
  ];
}

function stopRow({ what, size, bytes, counted }: Stop): readonly Cell[] {
  return [
    cell(what),
    cell(size),
    ...MESSAGE_BYTES.map((message) => cell(bytes === null ? '' : messagesText(bytes, message))),
    cell(counted),
  ];
}

function limitsText(limits: KernelLimits | null, name: string): string {
  if (limits === null) return 'not known';
  return `${formatBytes(limits.defaultBytes)}, grown up to ${formatBytes(limits.maxBytes)} (${name})`;
}

function messagesText(bytes: number, message: number): string {
  return formatCount(Math.floor(bytes / (message + FRAME_HEADER_BYTES)));
}

function probeBlocks({ probe }: SocketBuffers): readonly Block[] {
  if (probe === null) return [];
  const { takenBytes, sendQueueBytes, receiveQueueBytes } = probe;
  const split =
    sendQueueBytes === null || receiveQueueBytes === null
      ? ''
      : `, ${formatBytes(sendQueueBytes)} of them at the sender and ${formatBytes(receiveQueueBytes)} at the receiver`;
  const [json, binary] = MESSAGE_BYTES.map((message) => messagesText(takenBytes, message));
  return [
    {
      kind: 'paragraph',
      text: `Tried out before this run: a pair of sockets on loopback whose reader never read took ${formatBytes(takenBytes)} before its writer had to wait${split}. That is ${json} messages of 50 bytes or ${binary} of 20 that count as flushed and that nobody has seen. (The kernel counts its own overhead in, so its buffers hold less than their size.)`,
    },
  ];
}
