import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import { healingUpdateReq } from "../application-server/support/root-key-messages.ts";
import {
  headerOf,
  JoinServerRig,
  type Json,
  joinMembers,
  keyHex,
  NET_ID,
  resultOf,
} from "../support/join-server-rig.ts";
import { TestDevice } from "../support/test-device.ts";

const page = readFileSync(new URL("../../docs/application-port.md", import.meta.url), "utf8");

/** The bodies of the page's curl commands. */
const bodies = [...page.matchAll(/--json '(\{[^']*\})'/g)].map(
  ([, text]) => JSON.parse(text as string) as Json,
);

describe("docs/application-port.md", () => {
  it("has messages that a Join Server takes", async () => {
    const rig = await JoinServerRig.start();
    await rig.put("application-servers/warren-as", {
      kek: keyHex(importAes128Key(new Uint8Array(16))),
      relaysRootKeyUpdates: true,
    });
    const [ask, command] = bodies as [Json, Json];
    assert.equal(bodies.length, 2);
    const device = new TestDevice("1.0.3");
    Object.assign(device, { devEui: ask["DevEUI"], joinEui: ask["ReceiverID"] });
    await rig.register(device, { asId: "warren-as" });
    const request = device.joinRequest();
    const joined = await rig.ask("JoinReq", {
      ...headerOf("JoinReq"),
      ...joinMembers(device, request, {}),
      SenderID: NET_ID,
    });
    assert.equal(resultOf(joined), "Success");
    const asked = await rig.ask("RootKeyUpdateReq", ask);
    assert.deepEqual([resultOf(asked), asked["UpdateID"]], ["Success", 1]);
    assert.equal(resultOf(await rig.ask("RootKeyCommandReq", command)), "Success");
    const { status, reason } = (await rig.show(device))["update"] as Json;
    assert.deepEqual([status, reason], ["failed", "busy"]);
  });

  it("says how fragments are made", (t) => {
    const program = /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const request = healingUpdateReq(0x1234);
    const wrapped = `command = bytes.fromhex("${formatHex(request)}")\n${program}print(",".join(f.hex() for f in fragments))`;
    let output: string;
    try {
      output = execFileSync("python3", ["-c", wrapped], { encoding: "utf8" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      t.skip("python3 is not installed");
      return;
    }
    assert.deepEqual(
      output.trim().split(","),
      splitIntoFragments(request).map((fragment) => formatHex(fragment)),
    );
  });
});
