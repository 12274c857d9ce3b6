import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { RoleProcessHandle } from "../../../src/cli/run/role-process-handle.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type Outcome, runWarren } from "../support/warren.ts";

/** A Join Server process of its own for one file of tests, and the command line as its client. */
export class JoinServerProcess {
  readonly folder = temporaryFolder();
  readonly #handle: RoleProcessHandle;
  #url = "";

  constructor() {
    this.#handle = new RoleProcessHandle({
      role: "join-server",
      arguments: ["--data", join(this.folder, "data"), "--log-level", "warn"],
      logFolder: this.folder,
      onUnexpectedEnd: (role, words) => {
        throw new Error(`${role}: ${words}`);
      },
    });
    before(async () => {
      const { admin } = await this.#handle.start(["--backend-port", "0", "--admin-port", "0"]);
      this.#url = admin as string;
    });
    after(() => this.#handle.stop());
  }

  /** Where `warren` finds it and its token. */
  get connection(): string[] {
    return ["--url", this.#url, "--token-file", join(this.folder, "data", "admin-token")];
  }

  /** Ends the process; `again` starts it on the same port. */
  async stop(): Promise<{ again: () => Promise<unknown> }> {
    await this.#handle.stop();
    const { port } = new URL(this.#url);
    return { again: () => this.#handle.start(["--backend-port", "0", "--admin-port", port]) };
  }

  run(...args: string[]): Promise<Outcome> {
    return runWarren(...args, ...this.connection);
  }

  async json<T>(...args: string[]): Promise<T> {
    const { stdout, stderr } = await this.run(...args, "--json");
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  file(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }
}
