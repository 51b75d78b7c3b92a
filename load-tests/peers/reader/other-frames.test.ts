import { describe, expect, it } from 'vitest';
import { readOtherFrame } from './other-frames.ts';

const TEXT = 1;

describe('frames beside the ticks', () => {
  it.each([
    ['{"type":"hello","seq":41,"symbols":["AAPL"]}', { kind: 'next', seq: 42 }],
    ['{"type":"conflated","skipped":7,"upToCount":9}', { kind: 'skipped', count: 7 }],
    ['{"type":"welcome","connectionId":"c1"}', { kind: 'nothing' }],
    ['{"type":"hello"', { kind: 'corrupt' }],
    ['what is this', { kind: 'corrupt' }],
  ])('of a plain WebSocket: %s', (text, frame) => {
    expect(readOtherFrame('websocket', TEXT, text)).toEqual(frame);
  });

  it.each([
    ['0{"sid":"abc","pingInterval":25000}', { kind: 'answer', text: '40' }],
    ['40{"sid":"def"}', { kind: 'joined' }],
    ['2', { kind: 'answer', text: '3' }],
    ['451-["tick",{"_placeholder":true,"num":0}]', { kind: 'nothing' }],
    ['44{"message":"no"}', { kind: 'corrupt' }],
  ])('of Socket.IO: %s', (text, frame) => {
    expect(readOtherFrame('socket.io', TEXT, text)).toEqual(frame);
  });

  it.each([
    [8, 'close'],
    [9, 'nothing'],
    [10, 'nothing'],
    [2, 'corrupt'],
    [0, 'corrupt'],
  ])('of opcode %i: %s', (opcode, kind) => {
    expect(readOtherFrame('websocket', opcode, '')).toEqual({ kind });
  });
});
