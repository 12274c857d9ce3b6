import { setImmediate as nextTurn } from "node:timers/promises";
import { exportAes128Key } from "../../crypto/aes128.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { sha256 } from "../../crypto/sha256.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { RootKeys } from "../../root-key/root-keys.ts";
import type { Device } from "../device.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import {
  findKeyWeaknesses,
  KEY_WEAKNESSES,
  type KeyFinding,
  type KeyWeakness,
} from "./find-key-weaknesses.ts";
import { KeyHashSet } from "./key-hash-set.ts";

/** A weak root key of one device. */
export interface WeakKey extends KeyFinding {
  readonly devEui: Eui64;
  /** Of a duplicate: the number of the group of devices that have the key. */
  readonly group?: number;
}

/** How far a report is; while it is being made its findings are those so far. */
export interface WeakKeyProgress {
  /** Each device is looked at twice: for its keys, then for whom it shares them with. */
  readonly steps: number;
  readonly stepsDone: number;
  readonly counts: Readonly<Record<KeyWeakness, number>>;
  /** The first of them. */
  readonly findings: readonly WeakKey[];
}

/** What is kept of the findings; all are counted. */
const MAX_FINDINGS = 100_000;
/** Devices looked at before joins get their turn. */
const PAGE = 100;

export interface WeakKeyReportOptions {
  readonly store: Pick<DeviceStore, "findDevices" | "countDevices">;
  readonly randomBytes: RandomBytes;
}

/**
 * Looks at the root keys of every device: what is weak about each, and which devices share one. In memory
 * are only hashes of keys, salted so that they say nothing outside of this report.
 */
export class WeakKeyReport {
  readonly #options: WeakKeyReportOptions;
  readonly #salt: Uint8Array;
  readonly #counts = Object.fromEntries(KEY_WEAKNESSES.map((name) => [name, 0])) as Record<
    KeyWeakness,
    number
  >;
  readonly #findings: WeakKey[] = [];
  /** Hashes that more than one device has, and the number of their group. */
  readonly #shared = new Map<number, number>();
  #steps = 0;
  #stepsDone = 0;

  constructor(options: WeakKeyReportOptions) {
    this.#options = options;
    this.#salt = options.randomBytes(32);
  }

  progress(): WeakKeyProgress {
    return {
      steps: Math.max(this.#steps, this.#stepsDone),
      stepsDone: this.#stepsDone,
      counts: { ...this.#counts },
      findings: this.#findings,
    };
  }

  /** @throws WarrenError `storage-failed`; whatever `signal` was aborted with */
  async run(signal: AbortSignal): Promise<void> {
    const count = await this.#options.store.countDevices();
    this.#steps = 2 * count;
    const seen = new KeyHashSet(2 * count);
    await this.#eachDevice(signal, (device) => this.#examine(device, seen));
    if (this.#shared.size > 0) await this.#eachDevice(signal, (device) => this.#findShared(device));
    else this.#stepsDone = this.#steps;
  }

  async #eachDevice(signal: AbortSignal, visit: (device: Device) => void): Promise<void> {
    let after: Eui64 | undefined;
    do {
      signal.throwIfAborted();
      const page = await this.#options.store.findDevices({}, PAGE, after);
      for (const device of page.devices) visit(device);
      this.#stepsDone += page.devices.length;
      after = page.next;
      await nextTurn();
    } while (after !== undefined);
  }

  #examine(device: Device, seen: KeyHashSet): void {
    for (const finding of findKeyWeaknesses(device, device.rootKeys.currentKeys)) {
      this.#add({ devEui: device.devEui, ...finding });
    }
    for (const { hash } of this.#hashesOf(device.rootKeys.currentKeys)) {
      if (seen.add(hash) === "known" && !this.#shared.has(hash)) {
        this.#shared.set(hash, this.#shared.size + 1);
      }
    }
  }

  #findShared(device: Device): void {
    for (const { key, hash } of this.#hashesOf(device.rootKeys.currentKeys)) {
      const group = this.#shared.get(hash);
      if (group === undefined) continue;
      this.#add({ devEui: device.devEui, key, weakness: "duplicate", group });
    }
  }

  #add(weakKey: WeakKey): void {
    this.#counts[weakKey.weakness]++;
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push(weakKey);
  }

  /** 48 bits of a hash of each root key; two that are equal in one device count as one. */
  #hashesOf({ nwkKey, appKey }: RootKeys): { key: "nwkKey" | "appKey"; hash: number }[] {
    const [first, second] = [nwkKey, appKey].map((key) => {
      const bytes = exportAes128Key(key);
      const digest = sha256(Buffer.concat([this.#salt, bytes]));
      bytes.fill(0);
      return Buffer.from(digest).readUIntBE(0, 6);
    }) as [number, number];
    const hashes = [{ key: "nwkKey" as const, hash: first }];
    return first === second ? hashes : [...hashes, { key: "appKey" as const, hash: second }];
  }
}
