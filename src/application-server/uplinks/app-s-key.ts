import { type KeyEnvelope, type LabelledKek, openKeyEnvelope } from "../../backend/key-envelope.ts";
import type { ResultCode } from "../../backend/result-code.ts";
import type { Aes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { type AppSKeySource, isAbpSessionKeyId } from "../session.ts";
import type { UplinkMessage } from "./uplink-message.ts";
import type { UndecryptableReason } from "./uplink-record.ts";

/** What the Join Server says to an AppSKeyReq. */
export type AppSKeyAnswer =
  | { readonly envelope: KeyEnvelope }
  | { readonly refusal: Exclude<ResultCode, "Success"> };

/** The Application Server's side of the Join Server. */
export interface JoinServerPort {
  /** @throws WarrenError `peer-unreachable`, `peer-answer-malformed` */
  appSKey(joinEui: Eui64, devEui: Eui64, sessionKeyId: string): Promise<AppSKeyAnswer>;
}

/** The AppSKey of a new session, or the reason why it can't be had, now or later. */
export type AppSKeyOutcome =
  | { readonly appSKey: Aes128Key; readonly source: AppSKeySource }
  | { readonly reason: UndecryptableReason };

export interface AppSKeyFinderOptions {
  readonly joinServer: JoinServerPort;
  /** Whom to ask when the uplink does not name a JoinEUI. */
  readonly joinServerId: Eui64 | undefined;
  /** The keys this server shares with Join Servers. With one, a key that is not wrapped is refused. */
  readonly keks: readonly LabelledKek[];
}

/** Gets the AppSKey of a session this server does not know yet. */
export class AppSKeyFinder {
  readonly #options: AppSKeyFinderOptions;

  constructor(options: AppSKeyFinderOptions) {
    this.#options = options;
  }

  /**
   * Opens the envelope of the message, or asks the Join Server when there is none.
   *
   * @throws WarrenError `peer-unreachable`, `peer-answer-malformed` or `peer-refused` when the Join
   *   Server can't answer now: ask again later
   */
  async find(message: UplinkMessage): Promise<AppSKeyOutcome> {
    if (isAbpSessionKeyId(message.sessionKeyId)) return { reason: "abp-session-unknown" };
    if (message.appSKey !== undefined) return this.#open(message.appSKey, "envelope");
    const joinEui = message.joinEui ?? this.#options.joinServerId;
    if (joinEui === undefined) return { reason: "join-server-unknown" };
    const answer = await this.#options.joinServer.appSKey(
      joinEui,
      message.devEui,
      message.sessionKeyId,
    );
    if ("envelope" in answer) return this.#open(answer.envelope, "app-s-key-req");
    return { reason: reasonOfRefusal(answer.refusal) };
  }

  #open(envelope: KeyEnvelope, source: AppSKeySource): AppSKeyOutcome {
    const { keks } = this.#options;
    if (envelope.kekLabel === "" && keks.length > 0) return { reason: "key-not-wrapped" };
    if (envelope.kekLabel !== "" && !keks.some(({ label }) => label === envelope.kekLabel)) {
      return { reason: "kek-label-unknown" };
    }
    try {
      return { appSKey: openKeyEnvelope(envelope, keks), source };
    } catch (error) {
      if (error instanceof WarrenError) return { reason: "key-unwrap-failed" };
      throw error;
    }
  }
}

/**
 * The lasting reason behind a refusal. "Deferred" and "Other" (a defect over there) may pass.
 *
 * @throws WarrenError `peer-refused` for those
 */
function reasonOfRefusal(resultCode: Exclude<ResultCode, "Success">): UndecryptableReason {
  switch (resultCode) {
    case "UnknownDevEUI":
      return "session-unknown";
    case "Deferred":
    case "Other":
      throw new WarrenError("peer-refused", `the Join Server answered ${resultCode}`);
    default:
      return "join-server-refused";
  }
}
