import type { UpdateAttempt } from "../../../api/generated/warren-api.ts";

type StepKind = UpdateAttempt["steps"][number]["kind"];

/** What a step of an attempt is called for people. */
export const STEP_WORDS: Readonly<Record<StepKind, string>> = {
  started: "Started",
  "request-handed-over": "Request handed over to the server that carries it",
  "request-not-delivered": "That server could not be reached",
  accepted: "Accepted by the device",
  refused: "Refused by the device",
  "ready-received": "New keys proven by the device",
  "ready-repeated": "The device has asked for the confirmation again",
  "ready-wrong-mic": "A proof that fits no session and no keys",
  "joined-with-new-keys": "Joined with the new keys",
  "joined-with-current-keys": "Joined with the old keys",
  aborted: "Aborted",
  committed: "Committed: the new keys are in use, the old ones are erased",
  failed: "Failed: the old keys stay",
};

export const GOOD_STEPS: ReadonlySet<StepKind> = new Set(["joined-with-new-keys", "committed"]);
export const BAD_STEPS: ReadonlySet<StepKind> = new Set([
  "request-not-delivered",
  "refused",
  "ready-wrong-mic",
  "aborted",
  "failed",
]);

const REQUESTERS: Readonly<Record<string, string>> = {
  operator: "an operator",
  campaign: "the campaign",
  policy: "the policy, because of",
  "network-server": "the Network Server",
  "application-server": "the Application Server",
};

/** `the Network Server 000001`. @param requester as the API has it: `network-server:000001` */
export function requesterWords(requester: string): string {
  const at = requester.indexOf(":");
  const kind = requester.slice(0, at);
  const name = requester.slice(at + 1);
  if (kind === "operator") return `an operator (${name})`;
  return `${REQUESTERS[kind] ?? kind} ${name}`;
}

export const CARRIER_WORDS: Readonly<Record<UpdateAttempt["carrier"], string>> = {
  "mac-commands": "MAC commands",
  "application-port": "an application port",
};

/** `rabbit, with an X25519 exchange`. */
export function kindWords({
  suite,
  isHealing,
}: Pick<UpdateAttempt, "suite" | "isHealing">): string {
  return isHealing ? `${suite}, with an X25519 exchange` : suite;
}
