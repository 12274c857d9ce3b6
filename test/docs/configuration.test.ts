import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { expectation, MEMBERS } from "../../src/cli/config/config-members.ts";
import { loadJoinServerConfig } from "../../src/cli/config/load-config.ts";
import { EVENT_KINDS } from "../../src/join-server/ports/events.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const page = read("docs/configuration.md");
const exampleFile = fileURLToPath(new URL("../../packaging/warren.toml", import.meta.url));

function rowOf({ name, schema }: (typeof MEMBERS)[number]): string {
  const values = name === "webhook.events" ? "a list of kinds of events" : expectation(schema);
  const shown =
    schema.defaultText ?? (schema.default === undefined ? "" : JSON.stringify(schema.default));
  return `| \`${name}\` | ${schema.description} | ${values} | ${shown === "" ? "" : `\`${shown}\``} |`;
}

describe("docs/configuration.md", () => {
  it("has every member as the schema has it", () => {
    assert.deepEqual(page.match(/^\| `.*$/gm), MEMBERS.map(rowOf));
  });

  it("names all kinds of events", () => {
    for (const kind of EVENT_KINDS) assert.ok(page.includes(`\`${kind}\``), kind);
  });
});

describe("packaging/warren.toml", () => {
  it("holds the defaults, but for the data folder", () => {
    const config = loadJoinServerConfig({ config: exampleFile }, {});
    assert.equal(config.dataFolder, "/var/lib/warren");
    assert.deepEqual(config, loadJoinServerConfig({ data: "/var/lib/warren" }, {}));
  });

  it("has every member in its place, those without a default as comments", () => {
    const found: string[] = [];
    let table = "";
    for (const line of read("packaging/warren.toml").split("\n")) {
      const header = /^#?\[\[?([\w.]+)\]\]?$/.exec(line)?.[1];
      const member = /^#?(\w+) = /.exec(line)?.[1];
      if (header !== undefined) table = `${header}.`;
      if (member !== undefined) found.push(`${table}${member}`);
    }
    assert.deepEqual(found.sort(), MEMBERS.map(({ name }) => name).sort());
  });

  it("can be taken with every comment in it made a value", () => {
    const everything = read("packaging/warren.toml")
      .replace(/^#(?=\w+ = |\[)/gm, "")
      // Each excludes another member.
      .replace(/^(url_file|pin) = .*$/gm, "");
    const file = join(temporaryFolder(), "warren.toml");
    writeFileSync(file, everything);
    const config = loadJoinServerConfig({ config: file }, {});
    assert.equal(config.backend.tls?.certificateFile, "/etc/warren/backend.pem");
    assert.deepEqual(config.webhooks[0]?.kinds, ["join-refused", "update-failed"]);
  });
});
