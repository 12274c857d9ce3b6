// Assembles every `src/**/<name>.wat`, and what scripts/aes-core writes, into `<name>-wasm.ts`, a module with
// the bytes in base64, so that nothing is built or read when the program starts. With --check it writes nothing and ends with 1
// where a module is not what its source gives.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import wabt from "wabt";
import { aesModule } from "./aes-core/module.ts";

const ROOT = join(import.meta.dirname, "..");
const isCheck = process.argv.includes("--check");
const { parseWat } = await wabt();
// Without this Node shows the line of wabt that threw, and wabt is one line of 600,000 letters.
process.on("uncaughtException", ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
});

const sources = [
  ...globSync("src/**/*.wat", { cwd: ROOT }).map((source) => ({
    source,
    wat: readFileSync(join(ROOT, source), "utf8"),
    target: join(ROOT, dirname(source), `${basename(source, ".wat")}-wasm.ts`),
  })),
  {
    source: "scripts/aes-core",
    wat: aesModule(),
    target: join(ROOT, "src/crypto/aes-core/aes-core-wasm.ts"),
  },
];
const stale = sources.filter(({ source, wat, target }) => {
  const text = moduleOf(source, wat);
  if (isCheck) return text !== readFileSync(target, "utf8");
  writeFileSync(target, text);
  return false;
});
for (const { source } of stale) process.stderr.write(`${source} was changed: npm run build:wasm\n`);
if (stale.length > 0) process.exitCode = 1;

function moduleOf(source, wat) {
  const parsed = parseWat(basename(source), wat, {});
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const base64 = Buffer.from(buffer).toString("base64");
  return [
    `// Made from ${basename(source)} by \`npm run build:wasm\`.`,
    `/** ${buffer.length} bytes of WebAssembly. */`,
    `export const WASM_BASE64 =\n  "${base64}";\n`,
  ].join("\n");
}
