/** What stays on this machine. */

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether only this machine reaches what is bound there. */
export function isLoopbackHost(host: string): boolean {
  return host === '::1' || LOOPBACK.test(host);
}

/** Whether an address is on this machine. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(new URL(address).hostname);
}
