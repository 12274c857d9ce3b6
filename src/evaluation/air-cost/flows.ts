import type { Exchange } from "../../root-key/cost/exchange.ts";
import {
  type CarriedLink,
  type FlowMessage,
  flowExchanges,
  joinExchanges,
  rejoinExchanges,
} from "../../root-key/cost/flow-exchanges.ts";
import { updateExchanges, updateMessages } from "../../root-key/cost/update-exchanges.ts";

export type FlowId = "paper" | "plain" | "healing" | "join" | "rejoin-0" | "rejoin-1";

/** Something that a device does over the air, from its first frame to its last. */
export interface AirFlow {
  readonly id: FlowId;
  readonly label: string;
  /** Root keys change; the others stand beside for scale. */
  readonly isUpdate: boolean;
  /** LoRaWAN 1.0 has none. */
  readonly isLorawan11Only: boolean;
  /** Without the join. */
  readonly messages: readonly FlowMessage[];
  /** @throws WarrenError `value-out-of-range` for a data rate that the region has not for uplinks */
  exchanges(link: CarriedLink): Exchange[];
}

/**
 * The paper's Figure 6 as far as it is on the air: request, confirmation, New Key Ready, its confirmation. The
 * paper has no sizes; these are assumed, with an update identifier of 2 octets and a nonce and a MIC of 4.
 */
const PAPER_MESSAGES: readonly FlowMessage[] = [
  { content: "request", direction: "down", lengthBytes: 8 },
  { content: "confirmation", direction: "up", lengthBytes: 3 },
  { content: "proof", direction: "up", lengthBytes: 10 },
  { content: "answer", direction: "down", lengthBytes: 8 },
];

export const AIR_FLOWS: readonly AirFlow[] = [
  {
    id: "paper",
    label: "paper's flow",
    isUpdate: true,
    isLorawan11Only: false,
    messages: PAPER_MESSAGES,
    exchanges: (link) => [...flowExchanges(link, PAPER_MESSAGES), ...joinExchanges(link)],
  },
  {
    id: "plain",
    label: "plain update",
    isUpdate: true,
    isLorawan11Only: false,
    messages: updateMessages(false),
    exchanges: (link) => updateExchanges({ ...link, isHealing: false }),
  },
  {
    id: "healing",
    label: "healing update",
    isUpdate: true,
    isLorawan11Only: false,
    messages: updateMessages(true),
    exchanges: (link) => updateExchanges({ ...link, isHealing: true }),
  },
  aloneFlow("join", "join alone", false, joinExchanges),
  aloneFlow("rejoin-0", "rejoin type 0 alone", true, (link) => rejoinExchanges(link, 0)),
  aloneFlow("rejoin-1", "rejoin type 1 alone", true, (link) => rejoinExchanges(link, 1)),
];

export function airFlow(id: FlowId): AirFlow {
  return AIR_FLOWS.find((flow) => flow.id === id) as AirFlow;
}

function aloneFlow(
  id: FlowId,
  label: string,
  isLorawan11Only: boolean,
  exchanges: AirFlow["exchanges"],
): AirFlow {
  return { id, label, isUpdate: false, isLorawan11Only, messages: [], exchanges };
}
