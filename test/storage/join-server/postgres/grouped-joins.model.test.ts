import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { Client } from "pg";
import type { Device } from "../../../../src/join-server/device.ts";
import type { SaveOutcome } from "../../../../src/join-server/ports/device-store.ts";
import { PostgresJoinServerStore } from "../../../../src/storage/join-server/postgres/postgres-join-server-store.ts";
import { POSTGRES_SKIP, UNHURRIED, usePostgres } from "../../../support/postgres.ts";
import { TestKeyring } from "../../../support/test-vault.ts";
import { warrenError } from "../../../support/warren-error.ts";
import { anyDevice, assertSame } from "../contract/arbitrary-records.ts";

const postgres = usePostgres();
const DEVICES = 5;
/** More than an INTEGER column holds, so that PostgreSQL refuses the statement. */
const TOO_LARGE = 2 ** 31;

/** One save of several at once, by one of two processes. */
const anySave = fc.record({
  device: fc.nat(DEVICES - 1),
  process: fc.nat(1),
  isStale: fc.constantFrom(false, false, false, true),
  devNonce: fc.option(fc.nat(3), { nil: undefined }),
  isRefused: fc.constantFrom(...[false, false, false, false, false, false, false, true]),
});

type Settled = SaveOutcome | "failed";

describe("joins in groups", { skip: POSTGRES_SKIP }, () => {
  let stores: [PostgresJoinServerStore, PostgresJoinServerStore];
  let client: Client;
  let url: string;
  const keyring = new TestKeyring();
  const open = (vault = keyring.openVault()) =>
    PostgresJoinServerStore.openWith({ url, maxConnections: 4, ...UNHURRIED }, vault);
  before(async () => {
    url = await postgres().createDatabase();
    stores = [await open(), await open()];
    client = new Client(url);
    await client.connect();
  });
  after(async () => {
    await client.end();
    for (const store of stores) await store.close();
  });

  async function created(count: number): Promise<Device[]> {
    const devices = Array.from({ length: count }, () => anyDevice({ joinNonce: 0 }));
    const made = devices.map((device) => ({ device, usedDevNonces: [] }));
    await stores[0].createDevices(made);
    return Promise.all(devices.map(({ devEui }) => loaded(devEui)));
  }
  const loaded = async (devEui: Device["devEui"]) => (await stores[0].loadDevice(devEui)) as Device;
  const noncesOf = async ({ devEui }: Device) =>
    (await stores[0].listUsedDevNonces(devEui)).map(({ devNonce }) => devNonce);
  /** How many transactions wrote the rows as they are. */
  async function transactionsOf(devices: readonly Device[]): Promise<number> {
    const sql = "SELECT count(DISTINCT xmin::text) AS count FROM devices WHERE dev_eui = ANY($1)";
    const { rows } = await client.query(sql, [devices.map(({ devEui }) => devEui)]);
    return Number(rows[0].count);
  }

  it("become what joins one by one become", async () => {
    const rounds = fc.array(fc.array(anySave, { maxLength: 16 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(rounds, async (given) => {
        const devices = await created(DEVICES);
        let joinNonce = 0;
        for (const saves of given) {
          const copies = await Promise.all(
            stores.map((store) =>
              Promise.all(devices.map(({ devEui }) => store.loadDevice(devEui))),
            ),
          );
          const nonces = await Promise.all(devices.map(noncesOf));
          const wanted = saves.map((save) => {
            const copy = copies[save.process]?.[save.device] as Device;
            joinNonce += 1;
            return {
              ...copy,
              version: copy.version - Number(save.isStale),
              joinNonce: save.isRefused ? TOO_LARGE : joinNonce,
            };
          });
          const outcomes = await Promise.all(
            saves.map(({ process, device, devNonce, isStale }, index): Promise<Settled> => {
              const next = wanted[index] as Device;
              const copy = copies[process]?.[device] as Device;
              const from = { ...copy, version: copy.version - Number(isStale) };
              const usedDevNonce =
                devNonce === undefined ? undefined : { joinEui: next.joinEui, devNonce };
              const saving = stores[process as 0].saveDevice(next, { from, usedDevNonce });
              return saving.catch((error) => {
                assert.ok(warrenError("storage-failed")(error));
                return "failed";
              });
            }),
          );
          for (const [number, { devEui }] of devices.entries()) {
            const before = copies[0]?.[number] as Device;
            const used = nonces[number] as number[];
            const mine = saves.flatMap((save, index) =>
              save.device === number ? [{ ...save, index, outcome: outcomes[index] }] : [],
            );
            const now = await loaded(devEui);
            const winner = mine.find(({ outcome }) => outcome === "saved");
            const couldWin = mine.some(
              ({ isStale, isRefused, devNonce }) =>
                !isStale && !isRefused && !used.includes(devNonce ?? -1),
            );
            assert.equal(winner !== undefined, couldWin);
            if (winner === undefined) assertSame(now, before);
            else assertSame(now, { ...(wanted[winner.index] as Device), version: now.version });
            assert.equal(now.version, before.version + Number(couldWin));
            const added = winner?.devNonce;
            assert.deepEqual(
              (await noncesOf(now)).toSorted(),
              (added === undefined ? used : [...used, added]).toSorted(),
            );
            for (const { index, devNonce, isRefused, outcome } of mine) {
              if (index === winner?.index) continue;
              if (isRefused) assert.equal(outcome, "failed");
              else if (used.includes(devNonce ?? -1)) assert.equal(outcome, "dev-nonce-used");
              else if (devNonce !== undefined && devNonce === added) {
                assert.ok(outcome === "dev-nonce-used" || outcome === "version-conflict");
              } else assert.equal(outcome, "version-conflict");
            }
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it("of many devices are one transaction or a few", async () => {
    const devices = await created(60);
    const outcomes = await Promise.all(
      devices.map((from) => stores[0].saveDevice({ ...from, joinNonce: 7 }, { from })),
    );
    assert.deepEqual(new Set(outcomes), new Set(["saved"]));
    const count = await transactionsOf(devices);
    assert.ok(count <= 3, `${count} transactions`);
  });

  it("do not wait for a device that somebody else has locked", async () => {
    const devices = await created(20);
    const [locked] = devices as [Device];
    await client.query("BEGIN");
    await client.query("SELECT FROM devices WHERE dev_eui = $1 FOR UPDATE", [locked.devEui]);
    let isLockedSaved = false;
    const saves = devices.map(async (device) => {
      const outcome = await stores[0].saveDevice({ ...device, joinNonce: 9 }, { from: device });
      if (device === locked) isLockedSaved = true;
      return outcome;
    });
    const others = await Promise.all(saves.slice(1));
    assert.deepEqual(new Set(others), new Set(["saved"]));
    assert.equal(isLockedSaved, false);
    await client.query("COMMIT");
    assert.equal(await saves[0], "saved");
    assert.equal((await loaded(locked.devEui)).joinNonce, 9);
  });

  it("of devices that are gone are conflicts", async () => {
    const devices = await created(4);
    const [gone] = devices as [Device];
    await stores[1].deleteDevice(gone.devEui);
    const outcomes = await Promise.all(devices.map((from) => stores[0].saveDevice(from, { from })));
    assert.deepEqual(outcomes, ["version-conflict", "saved", "saved", "saved"]);
  });

  it("never deadlock, whichever devices two processes save in whichever order", async () => {
    const devices = await created(40);
    const saved = [0, 0];
    const end = Date.now() + 1_000;
    const worker = async (process: 0 | 1): Promise<void> => {
      while (Date.now() < end) {
        const order = devices.toSorted(() => Math.random() - 0.5);
        const copies = await Promise.all(
          order.map(({ devEui }) => stores[process].loadDevice(devEui)),
        );
        const outcomes = await Promise.all(
          copies.map((copy) => stores[process].saveDevice(copy as Device, { from: copy })),
        );
        const count = outcomes.filter((outcome) => outcome === "saved").length;
        saved[process] = (saved[process] ?? 0) + count;
      }
    };
    await Promise.all([worker(0), worker(1), worker(0), worker(1)]);
    const versions = await Promise.all(
      devices.map(async ({ devEui }) => (await loaded(devEui)).version),
    );
    const sum = versions.reduce((a, b) => a + b, 0);
    assert.equal(sum, devices.length + (saved[0] ?? 0) + (saved[1] ?? 0));
    const { rows } = await client.query(
      "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()",
    );
    assert.equal(Number(rows[0].deadlocks), 0);
  });

  it("are made again under the new data key when some of them were sealed under an old one", async () => {
    const rotating = new TestKeyring(1);
    const database = await postgres().createDatabase();
    const store = await PostgresJoinServerStore.openWith(
      { url: database, maxConnections: 4 },
      rotating.openVault(),
    );
    const devices = Array.from({ length: 10 }, () => anyDevice());
    await store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
    const copies = await Promise.all(devices.map(({ devEui }) => store.loadDevice(devEui)));
    rotating.add(2);
    await store.raiseLeastSealingVersion(2);
    const outcomes = await Promise.all(
      copies.map((copy) => store.saveDevice(copy as Device, { from: copy })),
    );
    assert.deepEqual(new Set(outcomes), new Set(["saved"]));
    assert.equal(await store.countSealedBefore(2), 0);
    await store.close();
  });
});
