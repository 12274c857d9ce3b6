const UNREADABLE =
  "Its keys on record do not open: find out who writes to the database, delete the device (its nonces stay) and " +
  "register it anew with its keys.";

/** What an operator can do about a device that a campaign has not updated, by its reason. */
const REMEDIES: Readonly<Record<string, string>> = {
  "device-unknown": "It is not on record here (any more): register it, if it is to join.",
  "device-disabled": "Set isDisabled of the device to false, then run a campaign for it again.",
  "generation-newer": "Nothing: it has newer root keys than the campaign asks for.",
  "update-not-deliverable":
    "Set relaysRootKeyUpdates in the record of its Network Server or Application Server, or correct its carrier.",
  "campaign-aborted": "Nothing was started for it; make a new campaign when it is to be updated.",
  "suite-not-allowed": "The suite is for research: give the campaign or the device another one.",
  "update-id-exhausted": "It has used all 65,535 UpdateIDs: give it another DevEUI and root keys.",
  "sealed-value-damaged": UNREADABLE,
  "vault-key-unknown": UNREADABLE,
  "root-key-missing": "Give it all the root keys that its LoRaWAN version has.",
  "suite-not-supported":
    "It says that it does not know the suite (whoever carries messages can say so too): give it another suite.",
  busy: "It said that it was busy, each time; run a campaign for it later.",
  "wrong-mics":
    "Its proofs fitted no session: does it still join? Look at its timeline and at what its servers pass on.",
  "joined-with-current-keys":
    "It joined with its old keys although it had new ones: NewKeyReadyAns may not have reached it. Try again.",
  aborted: "An operator has ended its update; start it again when it is wanted.",
  expired: "It did not come to the end in time: look whether it sends at all, and at its timeline.",
  "attempt-timeout":
    "It did not come to the end in time: look whether it sends at all, at its timeline, and whether its server relays.",
  superseded:
    "Another update, or other root keys, took the place of this one; look at its timeline.",
  "update-not-allowed":
    "Another update was in the way each time, or the device takes any JoinEUI and has not joined yet; look at its " +
    "timeline, then try again.",
};

/** In a sentence; for a reason without one of its own, where to look. */
export function remedyOf(reason: string): string {
  return REMEDIES[reason] ?? "Look at the timeline of the device and at the log of this server.";
}
