import { type Aes128Key, SERIAL, writeAes128Key } from "../aes128-key.ts";
import { LAYOUT, SCHEDULE_BYTES, SLOT_COUNT, SUBKEYS_BYTES } from "./layout.ts";
import type { WasmCore } from "./wasm-core.ts";

const SLOT_BYTES = SCHEDULE_BYTES + SUBKEYS_BYTES;

/**
 * Round keys of the keys used last. There is room for `SLOT_COUNT`; the oldest entry makes room for the
 * next, which overwrites it. An entry is found by the serial number of its key.
 */
export class KeySlots {
  readonly #core: WasmCore;
  readonly #addressBySerial = new Map<number, number>();
  readonly #serialBySlot = new Array<number>(SLOT_COUNT).fill(0);
  readonly #hasSubkeys = new Uint8Array(SLOT_COUNT);
  #next = 0;

  constructor(core: WasmCore) {
    this.#core = core;
  }

  /** The address of the round keys of `key`. */
  scheduleOf(key: Aes128Key): number {
    return this.#addressBySerial.get(key[SERIAL]) ?? this.#expand(key);
  }

  /** The address of K1 and K2, given that of the round keys. */
  subkeysOf(schedule: number): number {
    const slot = (schedule - LAYOUT.slots) / SLOT_BYTES;
    const subkeys = schedule + SCHEDULE_BYTES;
    if (this.#hasSubkeys[slot] === 0) {
      this.#core.functions.makeSubkeys(schedule, subkeys);
      this.#hasSubkeys[slot] = 1;
    }
    return subkeys;
  }

  #expand(key: Aes128Key): number {
    const slot = this.#next;
    this.#next = (slot + 1) % SLOT_COUNT;
    this.#addressBySerial.delete(this.#serialBySlot[slot] as number);
    const address = LAYOUT.slots + slot * SLOT_BYTES;
    writeAes128Key(key, this.#core.bytes, LAYOUT.keyBytes);
    this.#core.functions.expandKey(address, LAYOUT.keyBytes);
    this.#hasSubkeys[slot] = 0;
    this.#serialBySlot[slot] = key[SERIAL];
    this.#addressBySerial.set(key[SERIAL], address);
    return address;
  }
}

/** Round keys at `LAYOUT.lanes` for lane i under key i; the lanes after the last key have key zero. */
export function expandLanes(core: WasmCore, keys: readonly Aes128Key[]): number {
  for (let lane = 0; lane < keys.length; lane++) {
    writeAes128Key(keys[lane] as Aes128Key, core.bytes, LAYOUT.keyBytes + 16 * lane);
  }
  core.functions.expandLanes(LAYOUT.lanes, LAYOUT.keyBytes);
  return LAYOUT.lanes;
}
