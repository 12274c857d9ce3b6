import type { MessageHeader } from "../../backend/header.ts";
import type { JoinAnsMembers, JoinReq } from "../../backend/join-messages.ts";
import type { NetId } from "../../lorawan/identifiers.ts";
import type { JoinServerEvent } from "../ports/events.ts";
import type { Session } from "../session.ts";

/** A JoinReq or RejoinReq of a Network Server that has shown who it is. */
export interface JoinTask {
  readonly kind: Session["origin"];
  readonly netId: NetId;
  readonly header: MessageHeader;
  readonly request: JoinReq;
}

/** An accepted one, which is on record. */
export interface AnsweredJoin {
  /** As text: it is kept for repetitions, or goes to another thread, and arrays of octets cost more with both. */
  readonly answer: JoinAnsMembers;
  readonly events: readonly JoinServerEvent[];
}

/** Decides joins and rejoins, in this thread or another one. */
export interface Joins {
  /**
   * Resolves once the join is stored.
   *
   * @throws WarrenError as `acceptJoinRequest` and `acceptRejoinRequest`, `device-unknown`, `sender-unknown`
   *   when the Network Server is off the record meanwhile, `storage-failed`
   */
  answer(task: JoinTask): Promise<AnsweredJoin>;
}
