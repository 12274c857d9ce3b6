import { formatHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { JoinReqType } from "../../lorawan/join/join-accept-mic.ts";
import type { DeviceCandidate } from "../../root-key/device-state.ts";
import {
  CID_HEALING_KEY,
  CID_NEW_KEY_READY,
  CID_ROOT_KEY_FRAGMENT,
  CID_ROOT_KEY_UPDATE,
} from "../../root-key/mac-commands.ts";
import { formatSuite } from "../../root-key/suite.ts";
import type { StepFields, StepLog } from "../step-log.ts";
import type { OpenedDownlink } from "./data/open-downlink.ts";
import type { PreparedUplink } from "./data/prepare-uplink.ts";
import type { UplinkFrame } from "./data/uplink-frame.ts";
import type { DeviceProfile } from "./device-profile.ts";
import type { DeviceState } from "./device-state.ts";
import { rootKeyFingerprints, sessionKeyFingerprints } from "./fingerprints.ts";
import type { JoinExchange } from "./join/join-exchange.ts";
import type { Session } from "./session.ts";
import type { RootKeyStep } from "./update/receive-root-key-command.ts";

/** Application data that came down. */
export interface ReceivedPayload {
  readonly fPort: number;
  /** Hex, in clear. */
  readonly payload: string;
  readonly fCntDown: number;
  readonly isConfirmed: boolean;
}

/** What a device did since it was switched on. */
export interface DeviceCounters {
  readonly joinRequests: number;
  readonly rejoinRequests: number;
  readonly joins: number;
  readonly uplinks: number;
  readonly downlinks: number;
  /** Frames that were dropped, by reason. */
  readonly refused: Readonly<Record<string, number>>;
}

const PAYLOADS_KEPT = 10;

const ROOT_KEY_UPLINK_EVENTS: Readonly<Record<number, string>> = {
  [CID_ROOT_KEY_UPDATE]: "root-key-update-ans-sent",
  [CID_NEW_KEY_READY]: "new-key-ready-req-sent",
  [CID_HEALING_KEY]: "new-key-ready-req-sent",
  [CID_ROOT_KEY_FRAGMENT]: "root-key-fragment-sent",
};

/** Counts and describes what a device does; fingerprints stand for keys. */
export class DeviceRecorder {
  readonly #devEui: Eui64;
  readonly #steps: StepLog;
  #payloads: readonly ReceivedPayload[] = [];
  #counters: DeviceCounters = {
    joinRequests: 0,
    rejoinRequests: 0,
    joins: 0,
    uplinks: 0,
    downlinks: 0,
    refused: {},
  };

  constructor(devEui: Eui64, steps: StepLog) {
    this.#devEui = devEui;
    this.#steps = steps;
  }

  get counters(): DeviceCounters {
    return this.#counters;
  }

  /** The last application data received, oldest first. */
  get payloads(): readonly ReceivedPayload[] {
    return this.#payloads;
  }

  step(event: string, fields: StepFields = {}): void {
    this.#steps.record(this.#devEui, event, fields);
  }

  count(counter: Exclude<keyof DeviceCounters, "refused">): void {
    this.#counters = { ...this.#counters, [counter]: this.#counters[counter] + 1 };
  }

  refused(reason: string): void {
    const { refused } = this.#counters;
    this.#counters = {
      ...this.#counters,
      refused: { ...refused, [reason]: (refused[reason] ?? 0) + 1 },
    };
    this.step("frame-refused", { reason });
  }

  joinRequest({ joinReqType, nonce, which: keys, ...exchange }: JoinExchange): void {
    const rootKeys = rootKeyFingerprints(exchange.rootKeys);
    if (joinReqType === JoinReqType.JoinRequest) {
      this.count("joinRequests");
      this.step("join-request-sent", { devNonce: nonce, keys, rootKeys });
    } else {
      this.count("rejoinRequests");
      this.step("rejoin-request-sent", { rejoinType: joinReqType, rjCount: nonce, keys, rootKeys });
    }
  }

  joined(state: DeviceState & { readonly session: Session }, hasSwitched: boolean): void {
    const { session, update, generation } = state;
    this.count("joins");
    this.step("join-accepted", {
      devAddr: session.devAddr,
      joinNonce: session.joinNonce,
      isLorawan11: session.isLorawan11,
      sessionKeys: sessionKeyFingerprints(session.keys),
    });
    if (hasSwitched && update !== null) {
      const rootKeys = rootKeyFingerprints(update.currentKeys);
      this.step("root-keys-switched", { generation, updateId: update.lastUpdateId, rootKeys });
    }
  }

  uplink(
    frame: UplinkFrame,
    { rootKeyCid, isOnRootKeyPort }: Pick<PreparedUplink, "rootKeyCid" | "isOnRootKeyPort">,
  ): void {
    this.count("uplinks");
    this.step("uplink-sent", {
      fCntUp: frame.fCntUp,
      isConfirmed: frame.isConfirmed,
      ...(frame.fPort !== undefined && { fPort: frame.fPort }),
      ...(frame.fPort !== undefined && frame.fPort > 0 && { payload: formatHex(frame.payload) }),
    });
    if (rootKeyCid === undefined) return;
    const carrier = isOnRootKeyPort ? "port" : "mac";
    this.step(ROOT_KEY_UPLINK_EVENTS[rootKeyCid] ?? "", { fCntUp: frame.fCntUp, carrier });
  }

  downlink(
    downlink: OpenedDownlink,
    heard: {
      readonly window: string;
      readonly commandNames: readonly string[];
      readonly profile: DeviceProfile;
    },
  ): void {
    this.count("downlinks");
    const { fCntDown, isConfirmed, isAck, data } = downlink;
    const { window, commandNames: macCommands } = heard;
    const received = data && { fPort: data.fPort, payload: formatHex(data.payload) };
    if (received !== undefined && received.fPort !== heard.profile.rootKeyFPort) {
      const kept = { ...received, fCntDown, isConfirmed };
      this.#payloads = [...this.#payloads, kept].slice(-PAYLOADS_KEPT);
    }
    this.step("downlink-received", {
      window,
      fCntDown,
      isConfirmed,
      isAck,
      ...(macCommands.length > 0 && { macCommands }),
      ...received,
    });
  }

  rootKeyStep(step: RootKeyStep, state: DeviceState): void {
    const candidate = state.update?.candidate;
    if (step.kind === "fragment-received") {
      this.step("root-key-fragment-received");
    } else if (step.kind === "ignored") {
      this.step("root-key-command-ignored", { reason: step.reason });
    } else if (step.kind === "request-refused" || candidate === undefined) {
      this.step("root-key-update-refused");
    } else {
      this.#candidateStep(step.kind === "request-accepted", candidate);
    }
  }

  #candidateStep(isNew: boolean, candidate: DeviceCandidate): void {
    const { updateId, suite, keys, jsPublicKey } = candidate;
    this.step(isNew ? "root-key-update-accepted" : "root-keys-confirmed", {
      updateId,
      suite: formatSuite(suite),
      isHealing: jsPublicKey !== undefined,
      candidateKeys: rootKeyFingerprints(keys),
    });
  }
}
