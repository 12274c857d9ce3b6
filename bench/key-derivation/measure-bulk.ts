import { deriveOnThreads } from "../../src/join-server/root-key-updates/bulk/derive-on-threads.ts";
import { deriveRootKeyBytes } from "../../src/root-key/derivation/derive-root-keys.ts";
import { Suite } from "../../src/root-key/suite.ts";
import { type Measurement, summarise } from "../measure.ts";

const DERIVATIONS = 1_000_000;
const CONTEXT_BYTES = 96;
const RECORD_BYTES = 32 + CONTEXT_BYTES;
/** Every thousandth and the last are derived again alone. */
const CHECKED_STEP = 999;

/** Time of a million derivations of suite 1 on every processor, from the first thread's start on. */
export async function measureBulk(rounds: number): Promise<Measurement[]> {
  const records = new Uint8Array(new SharedArrayBuffer(DERIVATIONS * RECORD_BYTES));
  // Any octets that differ from record to record.
  const words = new Uint32Array(records.buffer);
  for (let index = 0; index < words.length; index++) words[index] = Math.imul(index, 0x9e3779b1);

  const samples = { one: [] as number[], all: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    samples.all.push(await timeOf(records));
    samples.one.push(await timeOf(records, 1));
  }
  return [summarise("on every processor", samples.all), summarise("on one thread", samples.one)];
}

async function timeOf(records: Uint8Array<SharedArrayBuffer>, threads?: number): Promise<number> {
  const start = process.hrtime.bigint();
  const keys = await deriveOnThreads({
    suite: Suite.Rabbit,
    contextBytes: CONTEXT_BYTES,
    records,
    ...(threads !== undefined && { threads }),
  });
  const ns = Number(process.hrtime.bigint() - start);
  check(records, keys);
  return ns;
}

function check(records: Uint8Array, keys: Uint8Array): void {
  for (let index = 0; index < DERIVATIONS; index += CHECKED_STEP) {
    const record = records.subarray(index * RECORD_BYTES, (index + 1) * RECORD_BYTES);
    const derived = deriveRootKeyBytes({
      suite: Suite.Rabbit,
      nwkKey: record.subarray(0, 16),
      appKey: record.subarray(16, 32),
      context: record.subarray(32),
    });
    const given = keys.subarray(32 * index, 32 * index + 32);
    const isRight =
      Buffer.compare(given.subarray(0, 16), derived.nwkKey) === 0 &&
      Buffer.compare(given.subarray(16), derived.appKey) === 0;
    if (!isRight) throw new Error(`wrong keys for record ${index}`);
  }
}
