import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { networkServerCommand, startNetworkServer } from "../../src/cli/network-server.ts";

/** Where a Network Server listens that is started with these options. */
async function addressesOf(
  test: TestContext,
  ...options: string[]
): Promise<Record<string, string>> {
  const data = mkdtempSync(join(tmpdir(), "warren-ns-"));
  const command = networkServerCommand();
  command.parseOptions(["--data", data, "--udp-port", "0", "--http-port", "0", ...options]);
  const running = await startNetworkServer(command.opts(), pino({ level: "silent" }));
  test.after(async () => {
    await running.close();
    rmSync(data, { recursive: true, force: true });
  });
  return Object.fromEntries(
    Object.entries(running.addresses).map(([name, address]) => [name, new URL(address).hostname]),
  );
}

test("gateways may have an address of their own, so that HTTP need not be open to them", async (t) => {
  const addresses = await addressesOf(t, "--udp-host", "127.0.0.2");
  assert.deepEqual(addresses, { http: "127.0.0.1", gwmp: "127.0.0.2" });
});

test("without one they use that of the others", async (t) => {
  const addresses = await addressesOf(t, "--host", "127.0.0.3");
  assert.deepEqual(addresses, { http: "127.0.0.3", gwmp: "127.0.0.3" });
});
