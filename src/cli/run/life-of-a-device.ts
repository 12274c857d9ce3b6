import { randomBytes } from "node:crypto";
import { WarrenError } from "../../errors.ts";
import { findKeyProblems, type KeyView, loadKeyView } from "./key-view.ts";
import type { LocalNetwork } from "./local-network.ts";
import type { DemoDevice } from "./provision.ts";
import type {
  ApplicationServerDevice,
  NetworkServerDevice,
  SimulatorDevice,
} from "./role-answers.ts";
import { waitUntil } from "./wait-until.ts";

const APPLICATION_PORT = 10;
/** How often a step that the air may swallow is set off again. */
const NUDGE_MS = 1_500;

/** One step of the life of a device, done and verified. */
export interface LifeStep {
  readonly title: string;
  readonly view: KeyView;
}

export interface LifeOptions {
  readonly network: LocalNetwork;
  readonly device: DemoDevice;
  /** For each step. */
  readonly timeoutMs: number;
  readonly onStep: (step: LifeStep) => void;
  readonly isStopped?: () => boolean;
}

/**
 * Takes one device through its whole life, verifying each step by what the roles themselves say: join,
 * data up and down, new session keys, new root keys, join under them, data under them.
 *
 * @throws WarrenError `peer-unreachable` when a step does not come about in time
 */
export async function liveTheLife(options: LifeOptions): Promise<void> {
  const life = new DeviceLife(options);
  await life.step("joined", () => life.joined());
  await life.step("sent and received data", () => life.exchangeData());
  await life.step("changed its session keys", () => life.changeSessionKeys());
  await life.step("sent and received data under the new session keys", () => life.exchangeData());
  await life.step("changed its root keys, and joined with the new ones", () =>
    life.changeRootKeys(),
  );
  await life.step("sent and received data under the new root keys", () => life.exchangeData());
}

class DeviceLife {
  readonly #options: LifeOptions;
  readonly #path: string;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.#path = `/devices/${options.device.devEui}`;
  }

  /** Does a step, then waits until every role agrees about the keys, and reports it. */
  async step(title: string, work: () => Promise<void>): Promise<void> {
    await work();
    const view = await this.#until(`${title}: all roles agree about the keys`, async () => {
      const candidate = await this.#view();
      return findKeyProblems(candidate).length === 0 ? candidate : this.#sendSomething();
    });
    this.#options.onStep({ title, view });
  }

  async joined(): Promise<void> {
    await this.#until("joined", async () => {
      const { session } = await this.#simulated();
      return session === null ? undefined : session;
    });
  }

  /** A random payload up, seen decrypted at the Application Server; another down, seen by the device. */
  async exchangeData(): Promise<void> {
    const up = randomBytes(8).toString("hex");
    const send = (): Promise<unknown> =>
      this.#request("simulator", "POST", "/uplinks", {
        fPort: APPLICATION_PORT,
        payload: up,
        confirmed: true,
      });
    // A confirmed uplink is repeated NbTrans times and no more, so one may still be lost.
    await this.#untilNudged("the Application Server shows the payload", send, async () => {
      const { uplinks } = await this.#get<ApplicationServerDevice>("application-server");
      return uplinks.find(({ payload }) => payload === up);
    });
    const down = randomBytes(8).toString("hex");
    await this.#sendDownlink(down);
  }

  /** 1.1: the Network Server asks for a rejoin. 1.0.x has no such command: the device joins again. */
  async changeSessionKeys(): Promise<void> {
    const before = (await this.#view()).held.simulator.AppSKey;
    const start = (): Promise<unknown> =>
      this.#options.device.macVersion === "1.1.0"
        ? this.#request("network-server", "POST", "/force-rejoin", { rejoinType: 0 })
        : this.#request("simulator", "POST", "/join", {});
    await this.#untilNudged("new session keys", start, async () => {
      const now = (await this.#view()).held.simulator.AppSKey;
      return now !== undefined && now !== before ? now : undefined;
    });
  }

  /** The Network Server asks, the Join Server starts, and the device's join commits the update. */
  async changeRootKeys(): Promise<void> {
    const { generation } = await this.#view();
    const ask = async (): Promise<unknown> =>
      this.#request("network-server", "POST", "/root-key-update", {}).catch((error) => {
        // While one is under way the Join Server says "later", which is as good.
        if (!(error instanceof WarrenError)) throw error;
      });
    await this.#untilNudged("new root keys", ask, async () => {
      const view = await this.#view();
      const isCommitted = view.generation > generation && view.endDevice.session !== null;
      const rootKeysAgree = view.held.simulator.NwkKey === view.held["join-server"].NwkKey;
      return isCommitted && rootKeysAgree ? view : undefined;
    });
  }

  async #sendDownlink(payload: string): Promise<void> {
    const send = (): Promise<unknown> =>
      this.#request("application-server", "POST", "/downlinks", {
        fPort: APPLICATION_PORT,
        payload,
      }).catch((error) => {
        if (!(error instanceof WarrenError)) throw error;
      });
    await this.#untilNudged("the device has the downlink", send, async () => {
      const { payloads } = await this.#simulated();
      return payloads.find((received) => received.payload === payload);
    });
  }

  /** Sets something off, makes the device talk so that it can listen, and repeats both after a while. */
  #untilNudged<T>(
    what: string,
    start: () => Promise<unknown>,
    probe: () => Promise<T | undefined>,
  ): Promise<T> {
    let nextNudgeAt = 0;
    let starts = 0;
    return this.#until(what, async () => {
      const value = await probe();
      if (value !== undefined || Date.now() < nextNudgeAt) return value;
      nextNudgeAt = Date.now() + NUDGE_MS;
      // The thing itself is rarely lost, the frames that carry it are: set it off every fourth time.
      if (starts++ % 4 === 0) await start();
      return this.#sendSomething();
    });
  }

  #lastSentAt = 0;

  /** An uplink, so that the servers get to send; at most one a nudge. Never a value. */
  async #sendSomething(): Promise<undefined> {
    if (Date.now() - this.#lastSentAt < NUDGE_MS) return undefined;
    this.#lastSentAt = Date.now();
    await this.#request("simulator", "POST", "/uplinks", {
      fPort: APPLICATION_PORT,
      payload: "00",
    });
    return undefined;
  }

  #view(): Promise<KeyView> {
    return loadKeyView(this.#options.network, this.#options.device.devEui);
  }

  #simulated(): Promise<SimulatorDevice> {
    return this.#get<SimulatorDevice>("simulator");
  }

  #get<T extends SimulatorDevice | ApplicationServerDevice | NetworkServerDevice>(
    role: "simulator" | "application-server" | "network-server",
  ): Promise<T> {
    return this.#options.network.api(role).get<T>(this.#path);
  }

  #request(
    role: "simulator" | "application-server" | "network-server",
    method: string,
    path: string,
    body: object,
  ): Promise<unknown> {
    return this.#options.network.api(role).request(method, `${this.#path}${path}`, body);
  }

  #until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
    const { device, timeoutMs, isStopped } = this.#options;
    return waitUntil(`device ${device.macVersion} ${what}`, timeoutMs, probe, isStopped);
  }
}
