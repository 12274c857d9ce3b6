import type { Aes128Key } from "../aes128-key.ts";
import type { AesEngine, CmacInput } from "./aes-engine.ts";
import { expandLanes, KeySlots } from "./key-slots.ts";
import { LAYOUT, MAX_PASSES, PASS_BYTES, SCHEDULE_BYTES } from "./layout.ts";
import { opensslEngine } from "./openssl-engine.ts";
import type { WasmCore } from "./wasm-core.ts";

const BLOCK_BYTES = 16;
const WRAPPED_BYTES = 24;
/** RFC 3394 §2.2.3.1, eight times. */
const INITIAL_BYTE = 0xa6;
/** R2 of the keys to wrap. */
const SECOND_HALVES = LAYOUT.blocks + PASS_BYTES;

/**
 * AES-128 in the bitsliced core: eight blocks a pass, in a time that depends on counts alone. Blocks
 * and the round keys of one call are wiped after it; those of the last keys are kept (`KeySlots`).
 */
export class WasmEngine implements AesEngine {
  readonly name = "wasm";
  readonly #core: WasmCore;
  readonly #slots: KeySlots;

  constructor(core: WasmCore) {
    this.#core = core;
    this.#slots = new KeySlots(core);
  }

  encrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array {
    const schedule = this.#slots.scheduleOf(key);
    const encrypted = new Uint8Array(blocks.length);
    for (let start = 0; start < blocks.length; start += PASS_BYTES) {
      this.#write(blocks, start);
      this.#core.functions.encryptBlocks(schedule, LAYOUT.blocks);
      this.#read(encrypted, start);
    }
    this.#core.functions.wipe(LAYOUT.blocks, 1);
    return encrypted;
  }

  decrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array {
    const schedule = this.#slots.scheduleOf(key);
    const decrypted = new Uint8Array(blocks.length);
    for (let start = 0; start < blocks.length; start += PASS_BYTES) {
      this.#write(blocks, start);
      this.#core.functions.decryptBlocks(schedule, LAYOUT.blocks);
      this.#read(decrypted, start);
    }
    this.#core.functions.wipe(LAYOUT.blocks, 1);
    return decrypted;
  }

  encryptEach(keys: readonly Aes128Key[], blocks: Uint8Array): Uint8Array {
    const schedule = this.#scheduleOfLanes(keys);
    const encrypted = new Uint8Array(blocks.length);
    this.#write(blocks, 0);
    this.#core.functions.encryptBlocks(schedule, LAYOUT.blocks);
    this.#read(encrypted, 0);
    this.#wipeLanes();
    return encrypted;
  }

  cmac(input: CmacInput): Uint8Array {
    const lengthBytes = lengthOf(input);
    if (lengthBytes > MAX_PASSES * BLOCK_BYTES) return opensslEngine.cmac(input);
    const schedule = this.#slots.scheduleOf(input.key);
    const subkeys = this.#slots.subkeysOf(schedule);
    const passes = this.#writeMessage(input, { lengthBytes, subkeys, lane: 0 });
    this.#core.functions.cbcMac(schedule, LAYOUT.blocks, passes);
    const mac = new Uint8Array(BLOCK_BYTES);
    this.#read(mac, 0);
    this.#core.functions.wipe(LAYOUT.blocks, passes);
    return mac;
  }

  cmacEach(inputs: readonly CmacInput[]): Uint8Array[] {
    const lengthBytes = lengthOf(inputs[0] as CmacInput);
    if (lengthBytes > MAX_PASSES * BLOCK_BYTES) return opensslEngine.cmacEach(inputs);
    const schedule = expandLanes(
      this.#core,
      inputs.map(({ key }) => key),
    );
    const subkeys = schedule + SCHEDULE_BYTES;
    this.#core.functions.makeSubkeys(schedule, subkeys);
    let passes = 0;
    for (let lane = 0; lane < inputs.length; lane++) {
      const input = inputs[lane] as CmacInput;
      passes = this.#writeMessage(input, { lengthBytes, subkeys, lane });
    }
    this.#core.functions.cbcMac(schedule, LAYOUT.blocks, passes);
    const macs = inputs.map((_, lane) => {
      const start = LAYOUT.blocks + lane * BLOCK_BYTES;
      return this.#core.bytes.slice(start, start + BLOCK_BYTES);
    });
    this.#core.functions.wipe(LAYOUT.blocks, passes);
    this.#wipeLanes();
    return macs;
  }

  wrapEach(keks: readonly Aes128Key[], keys: readonly Uint8Array[]): Uint8Array[] {
    const { bytes, functions } = this.#core;
    const schedule = this.#scheduleOfLanes(keks);
    for (let lane = 0; lane < keys.length; lane++) {
      const key = keys[lane] as Uint8Array;
      const first = LAYOUT.blocks + lane * BLOCK_BYTES;
      const second = SECOND_HALVES + lane * BLOCK_BYTES;
      for (let index = 0; index < 8; index++) {
        bytes[first + index] = INITIAL_BYTE;
        bytes[first + 8 + index] = key[index] as number;
        bytes[second + index] = key[8 + index] as number;
      }
    }
    functions.wrapKeys(schedule, LAYOUT.blocks, SECOND_HALVES);
    const wrapped = keys.map((_, lane) => this.#joinHalves(lane));
    this.#wipeWrapping();
    return wrapped;
  }

  unwrapEach(
    keks: readonly Aes128Key[],
    wrapped: readonly Uint8Array[],
  ): (Uint8Array | undefined)[] {
    const { bytes, functions } = this.#core;
    const schedule = this.#scheduleOfLanes(keks);
    for (let lane = 0; lane < wrapped.length; lane++) {
      const key = wrapped[lane] as Uint8Array;
      const first = LAYOUT.blocks + lane * BLOCK_BYTES;
      const second = SECOND_HALVES + lane * BLOCK_BYTES;
      for (let index = 0; index < 16; index++) bytes[first + index] = key[index] as number;
      for (let index = 0; index < 8; index++) bytes[second + index] = key[16 + index] as number;
    }
    functions.unwrapKeys(schedule, LAYOUT.blocks, SECOND_HALVES);
    const keys = wrapped.map((_, lane) => {
      const opened = this.#joinHalves(lane);
      // One sum over all eight bytes, so that the time does not show which of them is wrong.
      let difference = 0;
      for (let index = 0; index < 8; index++) {
        difference |= (opened[index] as number) ^ INITIAL_BYTE;
      }
      return difference === 0 ? opened.slice(8) : undefined;
    });
    this.#wipeWrapping();
    return keys;
  }

  #scheduleOfLanes(keys: readonly Aes128Key[]): number {
    const [first] = keys as [Aes128Key];
    return keys.every((key) => key === first)
      ? this.#slots.scheduleOf(first)
      : expandLanes(this.#core, keys);
  }

  /** A, R1 and R2 of one lane. */
  #joinHalves(lane: number): Uint8Array {
    const { bytes } = this.#core;
    const joined = new Uint8Array(WRAPPED_BYTES);
    const first = LAYOUT.blocks + lane * BLOCK_BYTES;
    const second = SECOND_HALVES + lane * BLOCK_BYTES;
    for (let index = 0; index < 16; index++) joined[index] = bytes[first + index] as number;
    for (let index = 0; index < 8; index++) joined[16 + index] = bytes[second + index] as number;
    return joined;
  }

  /** Pads a message into its lane (RFC 4493 §2.4); the number of its blocks. */
  #writeMessage(
    { parts }: CmacInput,
    to: { readonly lengthBytes: number; readonly subkeys: number; readonly lane: number },
  ): number {
    const { bytes, functions } = this.#core;
    const passes = Math.max(1, Math.ceil(to.lengthBytes / BLOCK_BYTES));
    const lane = LAYOUT.blocks + to.lane * BLOCK_BYTES;
    let index = 0;
    for (const part of parts) {
      for (let at = 0; at < part.length; at++) {
        bytes[lane + placeInLane(index++)] = part[at] as number;
      }
    }
    const isWhole = index === passes * BLOCK_BYTES;
    if (!isWhole) bytes[lane + placeInLane(index++)] = 0x80;
    while (index < passes * BLOCK_BYTES) bytes[lane + placeInLane(index++)] = 0;
    functions.xorBlock(
      lane + (passes - 1) * PASS_BYTES,
      to.subkeys + (isWhole ? 0 : PASS_BYTES) + to.lane * BLOCK_BYTES,
    );
    return passes;
  }

  /** Up to eight blocks of `blocks` from `start` on, into the lanes. */
  #write(blocks: Uint8Array, start: number): void {
    const { bytes } = this.#core;
    const count = Math.min(PASS_BYTES, blocks.length - start);
    for (let index = 0; index < count; index++) {
      bytes[LAYOUT.blocks + index] = blocks[start + index] as number;
    }
  }

  #read(blocks: Uint8Array, start: number): void {
    const { bytes } = this.#core;
    const count = Math.min(PASS_BYTES, blocks.length - start);
    for (let index = 0; index < count; index++) {
      blocks[start + index] = bytes[LAYOUT.blocks + index] as number;
    }
  }

  #wipeWrapping(): void {
    this.#core.functions.wipe(LAYOUT.blocks, 2);
    this.#wipeLanes();
  }

  #wipeLanes(): void {
    this.#core.functions.wipe(LAYOUT.blocks, 1);
    this.#core.functions.wipe(LAYOUT.lanes, LANES_PASSES);
  }
}

/** Round keys of 11 passes and subkeys of two. */
const LANES_PASSES = SCHEDULE_BYTES / PASS_BYTES + 2;

function lengthOf({ parts }: CmacInput): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

/** Byte `index` of a message, from the first byte of its lane. */
function placeInLane(index: number): number {
  return (index >> 4) * PASS_BYTES + (index & 15);
}
