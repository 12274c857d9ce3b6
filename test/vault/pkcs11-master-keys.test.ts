import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import { Pkcs11MasterKeys } from "../../src/vault/pkcs11/pkcs11-master-keys.ts";
import { Pkcs11Token } from "../../src/vault/pkcs11/pkcs11-token.ts";
import type { Pkcs11Settings } from "../../src/vault/vault-settings.ts";
import { testMasterKeySource } from "./master-key-source-contract.ts";
import { SoftHsm, softHsmMissing } from "./support/soft-hsm.ts";

const PIN = "4711-Secret";

describe("a PKCS#11 token", { skip: softHsmMissing() }, () => {
  let labels = 0;
  /** One token for the suite: each test has a key label of its own, as each database should have. */
  const newSettings = (): Pkcs11Settings => ({ ...token.settings, keyLabel: `key ${labels++}` });
  const token = new SoftHsm(PIN);

  testMasterKeySource(() => {
    const settings = newSettings();
    return {
      open: () => new Pkcs11MasterKeys(settings),
      elsewhere: () => new Pkcs11MasterKeys(newSettings()),
    };
  });

  it("never lets a master key out", async () => {
    const settings = newSettings();
    await new Pkcs11MasterKeys(settings).createMasterKey(1);
    await new Pkcs11Token(settings).withSession(({ pkcs11, module, handle }) => {
      module.C_FindObjectsInit(handle, [
        { type: pkcs11.CKA_LABEL, value: `${settings.keyLabel}/1` },
      ]);
      const [key, ...others] = module.C_FindObjects(handle, 10);
      module.C_FindObjectsFinal(handle);
      assert.ok(key && others.length === 0);
      assert.throws(
        () => module.C_GetAttributeValue(handle, key, [{ type: pkcs11.CKA_VALUE }]),
        /CKR_ATTRIBUTE_SENSITIVE/,
      );
      const flags = module.C_GetAttributeValue(handle, key, [
        { type: pkcs11.CKA_SENSITIVE },
        { type: pkcs11.CKA_ALWAYS_SENSITIVE },
        { type: pkcs11.CKA_EXTRACTABLE },
        { type: pkcs11.CKA_NEVER_EXTRACTABLE },
      ]);
      assert.deepEqual(
        flags.map(({ value }) => (value as Buffer)[0]),
        [1, 1, 0, 1],
      );
    });
  });

  it("takes no key of a longer label for its own", async () => {
    const settings = newSettings();
    const longer = { ...settings, keyLabel: `${settings.keyLabel}/1` };
    await new Pkcs11MasterKeys(longer).createMasterKey(1);
    assert.deepEqual(await new Pkcs11MasterKeys(settings).listVersions(), []);
  });

  it("opens what either of two keys of one name has wrapped", async () => {
    const settings = newSettings();
    const source = new Pkcs11MasterKeys(settings);
    const passing = { ...settings, keyLabel: `${settings.keyLabel} passing` };
    await source.createMasterKey(1);
    await new Pkcs11MasterKeys(passing).createMasterKey(1);
    const dataKey = new Uint8Array(32).fill(9);
    const wrapped = [
      await source.wrapDataKey(1, dataKey),
      await new Pkcs11MasterKeys(passing).wrapDataKey(1, dataKey),
    ];
    await new Pkcs11Token(settings).withSession(({ pkcs11, module, handle }) => {
      module.C_FindObjectsInit(handle, [
        { type: pkcs11.CKA_LABEL, value: `${passing.keyLabel}/1` },
      ]);
      const [key] = module.C_FindObjects(handle, 10);
      module.C_FindObjectsFinal(handle);
      assert.ok(key);
      const label = [{ type: pkcs11.CKA_LABEL, value: `${settings.keyLabel}/1` }];
      module.C_SetAttributeValue(handle, key, label);
    });
    for (const one of wrapped) assert.deepEqual(await source.unwrapDataKey(1, one), dataKey);
    assert.deepEqual(await source.listVersions(), [1]);
    await source.destroyMasterKeys([1]);
    assert.deepEqual(await source.listVersions(), []);
  });

  it("takes the PIN from the settings before that in a file", async () => {
    const settings = { ...newSettings(), pin: PIN, pinFile: "" };
    assert.deepEqual(await new Pkcs11MasterKeys(settings).listVersions(), []);
  });

  const pinFile = (text: string, mode = 0o600): string => {
    const path = join(token.folder, "..", `pin-${labels++}`);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const refusals: [string, () => Partial<Pkcs11Settings>, RegExp][] = [
    ["a wrong PIN", () => ({ pin: "1234-Wrong" }), /PIN is wrong.*CKR_PIN_INCORRECT/],
    [
      "a PIN file that is not there",
      () => ({ pinFile: "/nonexistent/pin" }),
      /first line of \/nonexistent\/pin/,
    ],
    ["an empty PIN file", () => ({ pinFile: pinFile("\n") }), /first line/],
    ["a PIN file for everybody", () => ({ pinFile: pinFile(PIN, 0o644) }), /run chmod 600/],
    [
      "another token",
      () => ({ tokenLabel: "another" }),
      /no token with the label "another", but "warren test"/,
    ],
    [
      "a module that is not there",
      () => ({ modulePath: "/nonexistent.so" }),
      /cannot load the PKCS#11 module \/nonexistent\.so/,
    ],
    [
      "a file that is no module",
      () => ({ modulePath: import.meta.filename }),
      /cannot load the PKCS#11 module/,
    ],
  ];
  for (const [what, change, message] of refusals) {
    it(`is refused with ${what}, and the PIN is not repeated`, async () => {
      const settings = { ...newSettings(), ...change() };
      await assert.rejects(new Pkcs11MasterKeys(settings).listVersions(), (error) => {
        assert.ok(error instanceof WarrenError && error.code === "vault-unavailable");
        assert.match(error.message, message);
        return !/4711|1234/.test(`${error.stack} ${error.cause}`);
      });
      // The right settings still work: nothing is left initialised or logged in.
      assert.deepEqual(await new Pkcs11MasterKeys(newSettings()).listVersions(), []);
    });
  }

  it("does not offer a refused PIN to the token again, but another one", async () => {
    const path = pinFile("1234-Wrong");
    const source = new Pkcs11MasterKeys({ ...newSettings(), pinFile: path });
    const refuse = () => assert.rejects(source.listVersions(), /CKR_PIN_INCORRECT/);
    await refuse();
    // With no token there any more, only an answer from memory can be the same.
    const elsewhere = new SoftHsm(PIN, "somewhere else");
    elsewhere.use();
    await refuse();
    writeFileSync(path, PIN);
    await assert.rejects(source.listVersions(), /no token with the label/);
    token.use();
    assert.deepEqual(await source.listVersions(), []);
  });

  it("keeps no key in the clear", async () => {
    const source = new Pkcs11MasterKeys(newSettings());
    await source.createMasterKey(1);
    const dataKey = new Uint8Array(32).map((_, index) => 200 - index);
    await source.wrapDataKey(1, dataKey);
    const files = readdirSync(token.folder, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name)));
    assert.ok(texts.length > 3);
    assert.ok(!Buffer.concat(texts).includes(Buffer.from(dataKey)));
  });
});
