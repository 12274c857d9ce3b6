import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pkcs11Settings } from "../../../src/vault/vault-settings.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const MODULES = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib64/softhsm/libsofthsm2.so",
  "/usr/local/lib/softhsm/libsofthsm2.so",
];

const modulePath = MODULES.find((path) => existsSync(path));

/** For the `skip` of a suite: why there is no token to test with, or false. With CI set it is a failure. */
export function softHsmMissing(): string | false {
  if (modulePath !== undefined) return false;
  const reason = "SoftHSM2 is not installed (apt-get install softhsm2)";
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

/** A new SoftHSM2 token; also sets the environment by which the module finds it, in this process too. */
export class SoftHsm {
  readonly settings: Pkcs11Settings;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the token keeps its objects. */
  readonly folder: string;

  constructor(pin = "4711-Secret", tokenLabel = "warren test") {
    const folder = temporaryFolder();
    this.folder = join(folder, "tokens");
    const configuration = join(folder, "softhsm2.conf");
    const pinFile = join(folder, "pin");
    mkdirSync(this.folder);
    writeFileSync(configuration, `directories.tokendir = ${this.folder}\nlog.level = ERROR\n`);
    writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
    this.environment = { SOFTHSM2_CONF: configuration };
    this.settings = {
      kind: "pkcs11",
      modulePath: modulePath ?? "",
      tokenLabel,
      pinFile,
      keyLabel: "warren-master-key",
    };
    this.use();
    const pins = ["--pin", pin, "--so-pin", "security-officer"];
    execFileSync("softhsm2-util", ["--init-token", "--free", "--label", tokenLabel, ...pins], {
      env: { ...process.env, ...this.environment },
    });
  }

  /** Makes this token the one that the module finds in this process. */
  use(): void {
    Object.assign(process.env, this.environment);
  }
}
