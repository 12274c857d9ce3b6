import { randomBytes } from "node:crypto";

/** A source of `lengthBytes` random bytes: an argument everywhere, so that tests can repeat a run. */
export type RandomBytes = (lengthBytes: number) => Uint8Array;

/** The operating system's random source, fit for keys and nonces. */
export const systemRandomBytes: RandomBytes = (lengthBytes) =>
  new Uint8Array(randomBytes(lengthBytes));
