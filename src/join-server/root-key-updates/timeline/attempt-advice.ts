import type { UpdateFailure } from "../../../root-key/server-state.ts";
import type { AttemptStepKind, UpdateAttempt } from "../update-attempt.ts";

const AFTER_FAILURE: Readonly<Record<UpdateFailure, string>> = {
  "suite-not-supported":
    "Give the device another suite, or a plain update if this was a healing one, and start again. The answer " +
    "has no MIC: where the firmware does know the suite, look at the server that relayed it.",
  busy: "Start again later. A device that is always busy wants a look at its firmware.",
  "wrong-mics":
    "Three proofs fitted no session and no root keys on record: let the device join anew and start again. If " +
    "it happens again, its root keys are others than those on record, or a server on the way forges.",
  "joined-with-current-keys":
    "The device did not learn that its new keys were confirmed, which is safe: it has joined with the old ones. " +
    "Start again; where downlinks are lost often, give it a better gateway first.",
  aborted: "Start again when it suits.",
  expired:
    "Start again once the device is in reach. If it never answered, check that its firmware knows root key " +
    "updates, and the carrier: the server must relay them, and the device must listen there.",
};

const WHILE_WAITING: Partial<Record<AttemptStepKind, string>> = {
  started: "Nothing to do: the request is about to be handed over, or waits until a server asks.",
  "request-handed-over":
    "Nothing to do: the server that carries it sends the request with its next downlink to the device.",
  "request-not-delivered":
    "Check that the server that carries updates runs, and the URL and credentials in its record; the request is " +
    "handed over again by itself, and when the server asks.",
  accepted:
    "Nothing to do: the device derives its new keys and proves them with one of its next uplinks.",
  "ready-received": "Nothing to do: the next Join-request of the device ends the update.",
  "ready-repeated":
    "Nothing to do: the device has not heard the confirmation yet; it gets it again with every repetition.",
  "ready-wrong-mic":
    "A proof fitted no session: a third one ends the attempt. See that the device and its servers agree on " +
    "its session, for instance by letting it join.",
  "joined-with-current-keys": "Nothing to do: the update goes on in the new session.",
};

/** What an operator can do about an attempt, in a sentence or two; undefined for one that is committed. */
export function adviceOf({ outcome, reason, steps }: UpdateAttempt): string | undefined {
  if (outcome === "committed") return undefined;
  if (outcome === "failed") return reason && AFTER_FAILURE[reason];
  const last = steps.at(-1);
  return last && WHILE_WAITING[last.kind];
}

/** What an operator can do after an update that failed. */
export function adviceAfter(reason: UpdateFailure): string {
  return AFTER_FAILURE[reason];
}
