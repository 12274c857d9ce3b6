import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Command, Option } from "commander";
import { COMMANDS } from "../../src/cli/main.ts";

const page = readFileSync(new URL("../../docs/command-line.md", import.meta.url), "utf8");

/** The part of the page under one heading, by the heading's text. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const),
);

const leaves = (await Promise.all(COMMANDS.map(({ load }) => load()))).flatMap((command) =>
  leavesOf(command, "warren"),
);

function leavesOf(command: Command, parent: string): { name: string; command: Command }[] {
  const name = `${parent} ${command.name()}`;
  if (command.commands.length === 0) return [{ name, command }];
  return command.commands.flatMap((inner) => leavesOf(inner, name));
}

function rowOf({ flags, description, defaultValue, defaultValueDescription }: Option): string {
  const shown = defaultValueDescription ?? defaultValue;
  const isSwitch = typeof defaultValue === "boolean";
  const defaultText = shown === undefined || isSwitch ? "" : `\`${shown}\``;
  return `| \`${flags}\` | ${description} | ${defaultText} |`;
}

describe("docs/command-line.md", () => {
  it("has a section for every command and no other", () => {
    assert.deepEqual(
      [...sections.keys()],
      leaves.map(({ name }) => `\`${name}\``),
    );
  });

  for (const { name, command } of leaves) {
    it(`lists the options of ${name} with their defaults`, () => {
      const rows = sections.get(`\`${name}\``)?.match(/^\| `.*$/gm) ?? [];
      const visible = command.options.filter(({ hidden }) => !hidden);
      assert.deepEqual(rows, visible.map(rowOf));
    });

    it(`has an example of ${name}`, () => {
      assert.match(sections.get(`\`${name}\``) ?? "", new RegExp(`^bin/${name} `, "m"));
    });
  }
});
