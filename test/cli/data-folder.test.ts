import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import type { LocalNetwork } from "../../src/cli/run/local-network.ts";
import { provisionDevice } from "../../src/cli/run/provision.ts";
import { RoleProcessHandle } from "../../src/cli/run/role-process-handle.ts";
import { WarrenError } from "../../src/errors.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const folder = temporaryFolder();

function simulator(data: string): RoleProcessHandle {
  return new RoleProcessHandle({
    role: "simulator",
    arguments: ["--data", data, "--http-port", "0"],
    logFolder: join(folder, "logs"),
    onUnexpectedEnd: () => undefined,
  });
}

test("two processes never share a data folder, and one that was killed leaves it free", async () => {
  const data = join(folder, "simulator");
  const [first, second] = [simulator(data), simulator(data)];
  after(() => Promise.all([first.stop(), second.stop()]));
  await first.start();
  await assert.rejects(second.start(), (error: WarrenError) =>
    /in use by another process.*--data.*data-folder-in-use/s.test(error.message),
  );
  await first.kill();
  await second.start();
});

test("a start that was interrupted while devices were made known is finished by the next", async () => {
  const known = new Map<string, object>();
  let isSimulatorAway = true;
  const network = {
    folderOf: () => join(folder, "provisioning"),
    api: (role: string) => ({
      get: () =>
        known.has(role)
          ? Promise.resolve(known.get(role))
          : Promise.reject(new WarrenError("device-unknown", "not there")),
      request: (_method: string, _path: string, body: { nwkKey: string }) => {
        if (role === "simulator" && isSimulatorAway) {
          return Promise.reject(new WarrenError("peer-unreachable", "killed"));
        }
        known.set(role, body);
        return Promise.resolve();
      },
    }),
  } as unknown as LocalNetwork;
  const device = {
    devEui: "70b3d57ed0020001",
    macVersion: "1.1.0",
    uplinkIntervalMs: 1,
    minimumUpdatePeriodMs: 0,
  };
  await assert.rejects(provisionDevice(network, device), { code: "peer-unreachable" });
  const first = known.get("join-server");
  isSimulatorAway = false;
  const keys = await provisionDevice(network, device);
  assert.deepEqual(known.get("join-server"), first, "the same keys again");
  const { nwkKey, appKey } = known.get("simulator") as Record<string, string>;
  assert.deepEqual({ nwkKey, appKey }, keys);
  assert.equal(await provisionDevice(network, device), undefined);
});
