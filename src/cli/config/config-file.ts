import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type AST, getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { WarrenError } from "../../errors.ts";
import { memberOf, tableMembers } from "./config-members.ts";
import { memberName, type Setting } from "./setting.ts";
import { suggestName } from "./suggest-name.ts";

/** What a configuration file says, and what is wrong with its form. */
export interface ConfigFile {
  readonly settings: readonly Setting[];
  /** `warren.toml:4` of each `[[webhook]]`. */
  readonly webhooks: readonly string[];
  readonly problems: readonly string[];
}

/** @throws WarrenError `configuration-invalid` for a file that cannot be read or is no TOML */
export function readConfigFile(file: string): ConfigFile {
  const reader = new Reader(file);
  for (const entry of parse(file).body[0].body) {
    if (entry.type === "TOMLTable") reader.table(entry);
    else reader.keyValue([], entry);
  }
  return reader;
}

type Path = readonly (string | number)[];

class Reader implements ConfigFile {
  readonly settings: Setting[] = [];
  readonly webhooks: string[] = [];
  readonly problems: string[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  table(node: AST.TOMLTable): void {
    const isKnown = this.#isTable(node.resolvedKey, node);
    if (!isKnown) return;
    for (const entry of node.body) this.keyValue(node.resolvedKey, entry);
  }

  keyValue(table: Path, node: AST.TOMLKeyValue): void {
    const keys = node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
    this.#value([...table, ...keys], node.value, node);
  }

  #value(path: Path, node: AST.TOMLContentNode, place: AST.TOMLNode): void {
    const name = path.join(".");
    const member = memberOf(memberName(name));
    if (member !== undefined) {
      const value = getStaticTOMLValue(node);
      const isFilePath = member.schema.isPath === true && typeof value === "string";
      this.settings.push({
        name,
        value: isFilePath ? resolve(dirname(this.#file), value) : value,
        source: "file",
        where: this.#where(place),
      });
    } else if (node.type === "TOMLInlineTable") {
      if (this.#isTable(path, place)) for (const entry of node.body) this.keyValue(path, entry);
    } else if (node.type === "TOMLArray" && name === "webhook") {
      for (const [index, element] of node.elements.entries()) {
        this.#value([...path, index], element, element);
      }
    } else {
      this.#refuse(path, place);
    }
  }

  /** Whether the path is that of a table; notes webhooks and problems. */
  #isTable(path: Path, node: AST.TOMLNode): boolean {
    const isWebhook = path[0] === "webhook" && typeof path[1] === "number";
    if (path[0] === "webhook" && !isWebhook) {
      this.#problem(node, "a webhook begins with [[webhook]], since there may be several");
      return false;
    }
    if (tableMembers(memberName(path.join("."))) === undefined) {
      this.#refuse(path, node);
      return false;
    }
    if (isWebhook && path.length === 2) this.webhooks.push(this.#where(node));
    return true;
  }

  #refuse(path: Path, node: AST.TOMLNode): void {
    const name = memberName(path.join("."));
    if (memberOf(name) !== undefined) this.#problem(node, `${name} is a value, not a table`);
    else if (tableMembers(name) !== undefined) this.#problem(node, `${name} is a table: [${name}]`);
    else this.#problem(node, unknownMember(name));
  }

  #problem(node: AST.TOMLNode, text: string): void {
    this.problems.push(`${this.#where(node)}: ${text}`);
  }

  #where(node: AST.TOMLNode): string {
    return `${this.#file}:${node.loc.start.line}`;
  }
}

/** Names the first part of the path that is not known, and what was perhaps meant. */
function unknownMember(name: string): string {
  const parts = name.split(".");
  const known = parts.findIndex(
    (_, i) => tableMembers(parts.slice(0, i + 1).join(".")) === undefined,
  );
  const table = parts.slice(0, known).join(".");
  const given = parts[known] ?? "";
  return `there is no member "${parts.slice(0, known + 1).join(".")}"${suggestName(given, tableMembers(table) ?? [])}`;
}

function parse(file: string): AST.TOMLProgram {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `cannot read ${file} (${reason})`);
  }
  try {
    return parseTOML(text);
  } catch (error) {
    // Its own cause would repeat the text of the file.
    const { message, lineNumber } = error as Error & { lineNumber?: number };
    throw new WarrenError("configuration-invalid", `${file}:${lineNumber ?? 1}: ${message}`);
  }
}
