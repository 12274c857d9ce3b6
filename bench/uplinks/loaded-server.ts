import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RoleApi } from "../../src/cli/run/role-api.ts";
import { RoleProcessHandle } from "../../src/cli/run/role-process-handle.ts";
import { recordOf, UPLINK_AS_ID, type UplinkDevice } from "./uplink-devices.ts";

/** What `POST /devices/batch` takes. */
const BATCH = 1_000;
const TICKS_PER_SECOND = 100;

/** A Network Server process as `warren network-server` starts it, on one core alone where `taskset` works. */
export class LoadedServer {
  readonly #folder = mkdtempSync(join(tmpdir(), "warren-bench-uplinks-"));
  readonly #handle: RoleProcessHandle;
  #addresses: Readonly<Record<string, string>> = {};

  constructor(applicationServerUrl: string) {
    this.#handle = new RoleProcessHandle({
      role: "network-server",
      arguments: [
        ...["--data", join(this.#folder, "data"), "--udp-port", "0", "--http-port", "0"],
        ...["--application-server", `${UPLINK_AS_ID}=${applicationServerUrl}`],
        ...["--log-level", "info"],
      ],
      logFolder: this.#folder,
      onUnexpectedEnd: (role, words) => {
        throw new Error(`${role}: ${words}`);
      },
    });
  }

  get udpPort(): number {
    return Number(new URL(this.#addresses["gwmp"] as string).port);
  }

  get databaseFile(): string {
    return join(this.#folder, "data", "network-server.db");
  }

  /** @returns the seconds until it was ready */
  async start(): Promise<number> {
    const startedAt = performance.now();
    this.#addresses = await this.#handle.start();
    pinToCore(this.#handle.pid as number, 0);
    return (performance.now() - startedAt) / 1000;
  }

  async addDevices(devices: readonly UplinkDevice[]): Promise<void> {
    const tokenFile = join(this.#folder, "data", "admin-token");
    const api = new RoleApi(this.#addresses["http"] as string, tokenFile);
    for (let from = 0; from < devices.length; from += BATCH) {
      const batch = devices.slice(from, from + BATCH).map(recordOf);
      await api.request("POST", "/devices/batch", { devices: batch });
    }
  }

  /** Processor time of all its threads so far. */
  processorSeconds(): number {
    const text = readFileSync(`/proc/${this.#handle.pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Its high water mark of memory, MB. */
  peakMemoryMb(): number {
    const text = readFileSync(`/proc/${this.#handle.pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
  }

  kill(): Promise<void> {
    return this.#handle.kill();
  }

  async remove(): Promise<void> {
    await this.#handle.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

/** All threads of a process; without `taskset` they stay where they are. @returns whether it worked */
export function pinToCore(pid: number, core: number): boolean {
  try {
    execFileSync("taskset", ["-apc", String(core), String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
