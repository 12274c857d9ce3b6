// Makes web/src/api/generated/warren-api.ts, the console's client, from the OpenAPI document of a Join Server
// that is started for it. `npm run generate:console`; a test says when it is stale.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "..");
const CLIENT = join(ROOT, "web/src/api/generated/warren-api.ts");

/** @param target the file to write */
export async function generateConsoleClient(target: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "warren-openapi-"));
  try {
    const document = join(folder, "openapi.json");
    writeFileSync(document, await openApiDocument(join(folder, "data")));
    await run([
      join(ROOT, "node_modules/oazapfts/dist/cli.js"),
      ...[document, target, "--optimistic", "--argumentStyle=object", "--futureStripLegacyMethods"],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openApiDocument(data: string): Promise<string> {
  const server = spawn(
    process.execPath,
    [
      ...[join(ROOT, "src/cli/main.ts"), "join-server", "--data", data],
      ...["--backend-port", "0", "--admin-port", "0"],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const said = JSON.parse(line) as { event?: string; addresses?: { admin: string } };
      if (said.event !== "ready" || said.addresses === undefined) continue;
      const answer = await fetch(`${said.addresses.admin}/api/v1/openapi.json`);
      return await answer.text();
    }
    throw new Error("the Join Server ended before it was ready");
  } finally {
    server.kill();
  }
}

function run(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`oazapfts ended with status ${code}`)),
    );
  });
}

if (import.meta.main) await generateConsoleClient(process.argv[2] ?? CLIENT);
