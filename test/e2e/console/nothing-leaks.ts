import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeySearch } from "../support/key-search.ts";
import type { ConsoleRig } from "./support/console-rig.ts";
import { heldKeys } from "./support/held-keys.ts";

export function testNothingLeaks(rig: ConsoleRig): void {
  describe("in all that was done", () => {
    it("no page had an error or went against its Content-Security-Policy", () => {
      assert.deepEqual(rig.watch.problems, []);
    });

    it("no request left the origin of the server", () => {
      assert.ok(rig.watch.urls.length > 100, `${rig.watch.urls.length} requests`);
      assert.deepEqual(rig.watch.foreignUrls, []);
    });

    it("no key came to the browser: not of the devices, of no generation and no session", async () => {
      const { network, keys, devices } = rig;
      const folder = network.folderOf("join-server");
      const held = await heldKeys(
        folder,
        devices.map(({ devEui }) => devEui),
      );
      assert.ok(held.length >= 10, `${held.length} keys on record`);
      assert.ok(keys.length >= 6, `${keys.length} keys that were typed, imported or provisioned`);
      const received = await rig.watch.received();
      assert.deepEqual([...new KeySearch([...keys, ...held]).inBytes(received)], []);
    });

    it("the search would have found them: it finds a fingerprint that was shown", async () => {
      const [device] = rig.devices;
      const { rootKeys } = await rig.joinServer.get<{ rootKeys: { nwkKey: string } }>(
        `/devices/${device?.devEui}`,
      );
      const received = await rig.watch.received();
      assert.ok(received.includes(rootKeys.nwkKey));
      assert.ok(received.includes("root-key-updates"), "scripts are among it");
      assert.ok(received.includes('"kind":"update-committed"'), "events are among it");
    });

    it("no API token stands in an answer or an address", async () => {
      const received = await rig.watch.received();
      for (const token of rig.tokens.values()) {
        assert.ok(!received.includes(token));
        assert.ok(!rig.watch.urls.some((url) => url.includes(token)));
      }
    });

    it("no process of the network ended", () => {
      assert.deepEqual(rig.testNetwork.unexpectedEnds, []);
    });
  });
}
