import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { testCampaign } from "./campaign.ts";
import { testDeviceLife } from "./device-life.ts";
import { testDeviceList } from "./device-list.ts";
import { testEveryPage } from "./every-page.ts";
import { testFirstLoad } from "./first-load.ts";
import { testImport } from "./import.ts";
import { testNothingLeaks } from "./nothing-leaks.ts";
import { testRoles } from "./roles.ts";
import { testSignIn } from "./sign-in.ts";
import { CHROMIUM, ConsoleRig } from "./support/console-rig.ts";

// The console as a browser shows it, in front of a running network. One network and one browser serve all
// that is tested; the last test looks at everything that the browser received and said meanwhile.

const BUILD = join(import.meta.dirname, "../../../scripts/build-console-if-needed.mjs");

/** Why nothing is checked, or false. With CI set it is a failure. */
function skip(): string | false {
  if (existsSync(CHROMIUM)) return false;
  const reason = `${CHROMIUM} is not there`;
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

describe("the console in a browser", { skip: skip() }, () => {
  const rig = new ConsoleRig();
  before(async () => {
    const { status } = spawnSync(process.execPath, [BUILD], { stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error("the console could not be built");
    await rig.start();
  });
  after(async () => await rig.stop());

  testSignIn(rig);
  testFirstLoad(rig);
  // Updates go at the pace of the devices: what does not need them is done meanwhile.
  describe("at the same time", { concurrency: 2 }, () => {
    testCampaign(rig);
    describe("one after the other", { concurrency: 1 }, () => {
      testDeviceLife(rig);
      testImport(rig);
      testRoles(rig);
    });
  });
  testEveryPage(rig);
  testDeviceList(rig);
  testNothingLeaks(rig);
});
