import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { PendingCommand } from "../../../src/application-server/root-keys/pending-command.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { SqliteApplicationServerStore } from "../../../src/storage/application-server/sqlite-application-server-store.ts";
import { DEV_EUI, JOIN_EUI } from "../../application-server/support/fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const OTHER_DEV_EUI = parseEui64("0102030405060709");
const GATEWAY_ID = parseEui64("2222222222222222");

const request: PendingCommand = {
  devEui: DEV_EUI,
  octets: Uint8Array.of(0x80, 5),
  updateId: 5,
  isAnswer: false,
  repeatsLeft: 13,
  isSplit: true,
  nextFragment: 3,
  downlinkId: "downlink-1",
};
const answer: PendingCommand = {
  ...request,
  devEui: OTHER_DEV_EUI,
  octets: Uint8Array.of(0x81, 6),
  isAnswer: true,
  isSplit: false,
  downlinkId: undefined,
};
const usage = { devEui: DEV_EUI, joinEui: JOIN_EUI, frames: 7, askNotBeforeMs: 8 };

const command = (index: number) => ({
  devEui: DEV_EUI,
  joinEui: JOIN_EUI,
  macCommand: Uint8Array.of(0x82, index),
  gatewayId: index === 0 ? GATEWAY_ID : undefined,
});

test("what is under way of root key updates survives closing and opening again", () => {
  const path = join(temporaryFolder(), "as.sqlite");
  const first = new SqliteApplicationServerStore(path);
  first.transaction(() => {
    first.rootKeys.savePending({ ...request, updateId: 4 });
    first.rootKeys.savePending(request);
    first.rootKeys.savePending(answer);
    first.rootKeys.addCommand(command(0));
    first.rootKeys.addCommand(command(1));
    first.rootKeys.saveUsage({ ...usage, isConfirmed: false });
    first.rootKeys.saveUsage({ ...usage, isConfirmed: true });
  });
  first.close();
  const store = new SqliteApplicationServerStore(path);
  assert.deepEqual(store.rootKeys.pending(DEV_EUI), request, "the newer one alone");
  assert.deepEqual(store.rootKeys.pending(OTHER_DEV_EUI), answer);
  assert.deepEqual(store.rootKeys.usage(DEV_EUI), { ...usage, isConfirmed: true });
  assert.equal(store.rootKeys.usage(OTHER_DEV_EUI), undefined);
  assert.deepEqual(store.rootKeys.devicesWithCommands(), [DEV_EUI]);
  for (const index of [0, 1]) {
    const { id, ...next } = store.rootKeys.nextCommand(DEV_EUI) ?? assert.fail("no command");
    assert.deepEqual(next, command(index));
    store.transaction(() => store.rootKeys.removeCommand(id));
  }
  assert.deepEqual(store.rootKeys.devicesWithCommands(), []);
  store.transaction(() => store.rootKeys.removePending(DEV_EUI));
  assert.equal(store.rootKeys.pending(DEV_EUI), undefined);
  assert.ok(store.rootKeys.pending(OTHER_DEV_EUI));
  store.close();
});

test("of the commands of a device the sixteen newest wait, whatever others send", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  store.transaction(() => {
    store.rootKeys.addCommand({ ...command(0), devEui: OTHER_DEV_EUI });
    for (let index = 0; index < 18; index++) store.rootKeys.addCommand(command(index));
  });
  const waiting: number[] = [];
  for (;;) {
    const next = store.rootKeys.nextCommand(DEV_EUI);
    if (next === undefined) break;
    waiting.push(next.macCommand[1] ?? -1);
    store.transaction(() => store.rootKeys.removeCommand(next.id));
  }
  assert.deepEqual(
    waiting,
    Array.from({ length: 16 }, (_, index) => index + 2),
  );
  assert.ok(store.rootKeys.nextCommand(OTHER_DEV_EUI));
  store.close();
});
