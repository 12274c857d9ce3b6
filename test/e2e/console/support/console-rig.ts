import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { AS_ID, JOIN_EUI, NET_ID } from "../../../../src/cli/run/local-network.ts";
import { type DemoDevice, provisionDevice } from "../../../../src/cli/run/provision.ts";
import { parseHex } from "../../../../src/lorawan/hex.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import type { SoughtKey } from "../../support/key-search.ts";
import { createTestNetwork, type TestNetwork, testDevice } from "../../support/test-network.ts";
import { Watch } from "./watch.ts";

export const CHROMIUM = "/usr/bin/chromium";
const REPORT =
  '<!doctype html><html lang="en"><title>Evaluation</title><main><h1>Evaluation</h1></main></html>';
/** A machine that does other things besides takes its time. */
const PATIENCE_MS = 60_000;

/** On record, and nowhere else: nothing happens to it while others look at it. */
export const QUIET_DEVICE = "70b3d57ed00200ff";

export type Role = "administrator" | "operator" | "key-officer" | "auditor";

interface PageOptions {
  readonly colourScheme?: "light" | "dark";
  readonly width?: number;
}

/** The demonstration network with a browser in front of it. */
export class ConsoleRig {
  /** Devices of the running network that tests update. */
  readonly devices: readonly DemoDevice[] = [testDevice("1.0.4", 1), testDevice("1.1.0", 2)];
  /** Every root key that a test or the network has drawn. */
  readonly keys: SoughtKey[] = [];
  readonly tokens = new Map<Role, string>();
  readonly #joinServerArguments = joinServerArguments();
  #testNetwork: TestNetwork | undefined;
  #launching: Promise<Browser> | undefined;
  #browser: Browser | undefined;
  #watch: Watch | undefined;

  async start(): Promise<void> {
    const testNetwork = createTestNetwork({
      roleArguments: { "join-server": this.#joinServerArguments },
    });
    this.#testNetwork = testNetwork;
    const launching = chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    this.#launching = launching;
    // A network that does not start is the error to tell.
    launching.catch(() => undefined);
    await testNetwork.network.start();
    this.#browser = await launching;
    this.#watch = new Watch(this.origin);
    for (const device of this.devices) {
      const keys = await provisionDevice(this.network, device);
      for (const [name, hex] of Object.entries(keys ?? {})) this.sought(name, hex);
    }
    const nwkKey = randomBytes(16).toString("hex");
    this.sought("NwkKey of the quiet device", nwkKey);
    await this.joinServer.request("PUT", `/devices/${QUIET_DEVICE}`, {
      ...{ joinEui: JOIN_EUI, macVersion: "1.0.3", nwkKey, homeNetId: NET_ID, asId: AS_ID },
    });
    for (const role of ["operator", "key-officer", "auditor"] as const) {
      const { token } = await this.joinServer.request<{ token: string }>("POST", "/tokens", {
        name: `${role} of the test`,
        role,
      });
      this.tokens.set(role, token);
    }
    const adminToken = join(this.network.folderOf("join-server"), "admin-token");
    this.tokens.set("administrator", readFileSync(adminToken, "utf8").trim());
  }

  async stop(): Promise<void> {
    const browser = await this.#launching?.catch(() => undefined);
    await browser?.close();
    await this.#testNetwork?.remove();
  }

  get testNetwork(): TestNetwork {
    return there(this.#testNetwork);
  }

  get network() {
    return this.testNetwork.network;
  }

  get joinServer() {
    return this.network.api("join-server");
  }

  get watch(): Watch {
    return there(this.#watch);
  }

  /** `http://127.0.0.1:7071` */
  get origin(): string {
    return `http://127.0.0.1:${this.network.ports.admin}`;
  }

  /** Remembers a root key that no browser may ever see. */
  sought(name: string, hex: string): void {
    this.keys.push({ name, bytes: parseHex(hex) });
  }

  /** A browser of somebody who has not signed in, watched from the beginning. */
  async openContext({ colourScheme = "light", width = 1280 }: PageOptions = {}) {
    const context = await there(this.#browser).newContext({
      baseURL: this.origin,
      viewport: { width, height: 900 },
      colorScheme: colourScheme,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    this.watch.add(context);
    return context;
  }

  /** A page of somebody who is signed in with a role. Close its context. */
  async openPage(role: Role, options: PageOptions = {}): Promise<Page> {
    const context = await this.openContext(options);
    await signInContext(context, there(this.tokens.get(role)));
    return await context.newPage();
  }
}

/** The cookie that the sign-in page would get, without the page. */
async function signInContext(context: BrowserContext, token: string): Promise<void> {
  const answer = await context.request.post("/api/v1/session", { data: { token } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
}

/** As the test network starts it, with a report of this test in place of what the machine may have. */
function joinServerArguments(): string[] {
  const report = join(temporaryFolder(), "report");
  mkdirSync(report);
  writeFileSync(join(report, "index.html"), REPORT);
  return [
    ...["--update-expiry-seconds", "20", "--update-attempt-period-seconds", "0"],
    ...["--update-shortest-period-seconds", "0", "--evaluation-report-folder", report],
  ];
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the rig has not been started");
  return value;
}
