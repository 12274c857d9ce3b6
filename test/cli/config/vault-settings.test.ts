import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { loadJoinServerConfig } from "../../../src/cli/config/load-config.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder();

function vaultOf(lines: readonly string[], environment = {}) {
  const config = join(folder, "warren.toml");
  writeFileSync(config, ["[vault]", ...lines].join("\n"));
  return loadJoinServerConfig({ config }, environment).vault;
}

const TOKEN = ['module = "/lib/hsm.so"', 'token_label = "warren"', 'pin_file = "/pin"'];
const token = {
  kind: "pkcs11",
  modulePath: "/lib/hsm.so",
  tokenLabel: "warren",
  pin: undefined,
  pinFile: "/pin",
  keyLabel: "warren-master-key",
};

describe("the settings of the vault", () => {
  test("are a key file in the data folder where nothing is said", () => {
    const path = join("data", "join-server", "master-keys");
    assert.deepEqual(vaultOf([]), { kind: "file", path, previous: undefined });
  });

  test("name the other kind as the place before, where both are given", () => {
    const file = { kind: "file", path: "/keys" };
    const both = ['path = "/keys"', ...TOKEN];
    assert.deepEqual(vaultOf(both), { ...file, previous: token });
    assert.deepEqual(vaultOf(['kind = "pkcs11"', ...both]), { ...token, previous: file });
    assert.deepEqual(vaultOf(['kind = "pkcs11"', ...TOKEN]), { ...token, previous: undefined });
  });

  test("take the PIN from the environment before that of the file", () => {
    const environment = { WARREN_VAULT_PIN: "4711" };
    const expected = { ...token, pin: "4711", pinFile: "", previous: undefined };
    assert.deepEqual(vaultOf(['kind = "pkcs11"', ...TOKEN], environment), expected);
    assert.deepEqual(vaultOf(['kind = "pkcs11"', ...TOKEN.slice(0, 2)], environment), expected);
  });

  test("say what a token needs", () => {
    for (const [lines, missing] of [
      [['kind = "pkcs11"'], /warren\.toml:2: vault\.kind needs vault\.module/],
      [TOKEN.slice(0, 1), /vault\.module needs vault\.token_label/],
      [TOKEN.slice(0, 2), /vault\.module needs vault\.pin_file or vault\.pin/],
    ] as const) {
      assert.throws(() => vaultOf(lines), missing);
    }
  });
});
