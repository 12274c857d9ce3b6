import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDevAddr } from "../../src/lorawan/identifiers.ts";
import {
  applicationServer,
  DEV_EUI,
  decryptOnDevice,
  startSession,
  uplink,
} from "./support/fixtures.ts";

const bytes = fc.uint8Array({ maxLength: 242 });
const counter = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });

test("what a device encrypts arrives decrypted", async () => {
  await fc.assert(
    fc.asyncProperty(bytes, counter, hex(8), hex(32), async (payload, fCntUp, addr, keyHex) => {
      const server = applicationServer({ keks: [] });
      const appSKey = { kekLabel: "", aesKey: new Uint8Array(Buffer.from(keyHex, "hex")) };
      const devAddr = parseDevAddr(addr);
      const message = uplink({ payload, fCntUp, devAddr, keyHex, appSKey });
      assert.equal(await server.receiver.receive(message), "decrypted");
      const [record] = server.store.uplinks(DEV_EUI);
      assert.deepEqual(record?.outcome, { payload });
      server.store.close();
    }),
    { numRuns: 50 },
  );
});

test("what the Application Server encrypts arrives decrypted at the device", async () => {
  await fc.assert(
    fc.asyncProperty(
      bytes,
      counter,
      fc.integer({ min: 1, max: 223 }),
      fc.constantFrom("1.0.2" as const, "1.1.0" as const),
      async (payload, nextFCntDown, fPort, macVersion) => {
        const server = applicationServer();
        startSession(server, { nextFCntDown, macVersion });
        server.networkServer.nextFCntDown = nextFCntDown;
        await server.sender.send(DEV_EUI, { fPort, payload, isConfirmed: true });
        const [taken] = server.networkServer.taken;
        assert.deepEqual(taken && decryptOnDevice(taken), payload);
        assert.equal(taken?.fCntDown, nextFCntDown);
        server.store.close();
      },
    ),
    { numRuns: 50 },
  );
});
