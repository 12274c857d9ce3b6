import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Command } from "commander";
import {
  type ApplicationServerOptions,
  addApplicationServerOptions,
  applicationServersOf,
} from "../../src/cli/connections/application-server-options.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";

const folder = temporaryFolder();
const tokenFile = join(folder, "token");
writeFileSync(tokenFile, "a-token-of-some-length\n");

function addressesFor(...words: string[]) {
  const command = addApplicationServerOptions(new Command()).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return applicationServersOf(
    command.parse(words, { from: "user" }).opts<ApplicationServerOptions>(),
  );
}

describe("the Application Servers of a Network Server", () => {
  it("are one on this machine unless they are named", () => {
    assert.deepEqual(
      [...addressesFor()],
      [["warren-as", { url: "http://127.0.0.1:7090", token: undefined }]],
    );
  });

  it("have a token each, by AS-ID", () => {
    const addresses = addressesFor(
      ...["--application-server", "a=https://a.example", "--application-server", "b=http://b"],
      ...["--application-server-token-file", `b=${tokenFile}`],
    );
    assert.equal(addresses.get("a")?.token, undefined);
    assert.equal(addresses.get("b")?.token, "a-token-of-some-length");
  });

  it("are refused with a token of nobody, or one that cannot be read", () => {
    const refused = warrenError("configuration-invalid");
    assert.throws(() => addressesFor("--application-server-token-file", `c=${tokenFile}`), refused);
    assert.throws(
      () => addressesFor("--application-server-token-file", `warren-as=${folder}/none`),
      refused,
    );
    assert.throws(() => addressesFor("--application-server-token-file", tokenFile), /AS-ID=file/);
    assert.throws(() => addressesFor("--application-server", "http://127.0.0.1"), /AS-ID=URL/);
  });
});
