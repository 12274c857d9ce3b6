import { HEALING_MESSAGE_BYTES } from "../fragments.ts";
import type { Exchange } from "./exchange.ts";
import {
  type CarriedLink,
  type FlowMessage,
  flowExchanges,
  joinExchanges,
} from "./flow-exchanges.ts";

/** How an update goes, as far as its frames depend on it. */
export interface UpdateFlow extends CarriedLink {
  readonly isHealing: boolean;
}

/** The plain RootKeyUpdateReq and NewKeyReadyReq. */
const PLAIN_MESSAGE_BYTES = 11;
const NEW_KEY_READY_ANS_BYTES = 7;

/** RootKeyUpdateReq, NewKeyReadyReq and NewKeyReadyAns of a plain or a healing update. */
export function updateMessages(isHealing: boolean): FlowMessage[] {
  const lengthBytes = isHealing ? HEALING_MESSAGE_BYTES : PLAIN_MESSAGE_BYTES;
  return [
    { content: "request", direction: "down", lengthBytes },
    { content: "proof", direction: "up", lengthBytes },
    { content: "answer", direction: "down", lengthBytes: NEW_KEY_READY_ANS_BYTES },
  ];
}

/**
 * The frames of one update that goes as it should, the join at its end included.
 *
 * @throws WarrenError `value-out-of-range` for a data rate that the region has not for uplinks
 */
export function updateExchanges(flow: UpdateFlow): Exchange[] {
  return [...flowExchanges(flow, updateMessages(flow.isHealing)), ...joinExchanges(flow)];
}
