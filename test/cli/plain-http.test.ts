import assert from "node:assert/strict";
import { test } from "node:test";
import { LocalNetwork } from "../../src/cli/run/local-network.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const EVERYWHERE = "0.0.0.0";
const dataFolder = temporaryFolder();

function networkOnEveryAddress(allowsPlainHttp: boolean): LocalNetwork {
  return new LocalNetwork({
    dataFolder,
    host: EVERYWHERE,
    allowsPlainHttp,
    ports: {
      backend: 0,
      admin: 0,
      gateway: 0,
      networkServer: 0,
      applicationServer: 0,
      simulator: 0,
    },
    region: "EU868",
    speed: 1,
    loss: 0,
    logLevel: "error",
    onUnexpectedEnd: () => undefined,
  });
}

test("a network that others could read is refused", async (t) => {
  const network = networkOnEveryAddress(false);
  t.after(() => network.stop());
  await assert.rejects(network.start(), /plain HTTP on 0\.0\.0\.0 .*allow-plain-http/);
});

test("it starts when plain HTTP is allowed by name", async (t) => {
  const network = networkOnEveryAddress(true);
  t.after(() => network.stop());
  await network.start();
  const peers = await network.api("join-server").get<object>("/network-servers");
  assert.match(JSON.stringify(peers), /"authentication":\{"kind":"bearer"/);
});
