interface RefusalReason {
  readonly meaning: string;
  /** Where to look; the devices when it may be any of them. */
  readonly link?: { readonly to: string; readonly label: string };
}

const DISABLED = { to: "/devices?isDisabled=true", label: "Disabled devices" };
const DEVICES = { to: "/devices", label: "Devices" };
const PEERS = { to: "/peers", label: "Peers" };
const DAMAGED =
  "What the Network Server passed on is no Join-request or Rejoin-request. Look there.";

/** Why joins and rejoins are refused, by error code, in a sentence or two that says what to do. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  "device-unknown": {
    meaning:
      "The DevEUI is not registered here. Add the device, or take it off its Network Server.",
    link: { to: "/import", label: "Import devices" },
  },
  "device-disabled": {
    meaning: "The device is switched off here. Switch it on if it is to join again.",
    link: DISABLED,
  },
  "mic-mismatch": {
    meaning:
      "No key on record verifies the request: the device has other root keys, or the frame is forged. Compare the fingerprints.",
    link: DEVICES,
  },
  "dev-nonce-replayed": {
    meaning:
      "The DevNonce was used before. A replay needs nothing; a device that goes on so has lost its counter.",
    link: DEVICES,
  },
  "rj-count-replayed": {
    meaning: "The RJcount was used before. A replay needs nothing; else let the device join anew.",
  },
  "rejoin-too-often": {
    meaning:
      "More rejoins than an honest network causes: look at the Network Server, it uses up JoinNonces.",
    link: PEERS,
  },
  "join-nonce-exhausted": {
    meaning: "The device has used all JoinNonces: give it another DevEUI and other root keys.",
    link: DEVICES,
  },
  "root-key-missing": {
    meaning: "The LoRaWAN version of the device needs a root key that is not on record. Add it.",
    link: DEVICES,
  },
  "version-contradiction": {
    meaning: "Device, Network Server and record name different LoRaWAN versions. Set the same one.",
    link: DEVICES,
  },
  "identity-contradiction": {
    meaning: "Message and frame name different devices or JoinEUIs. Correct the Network Server.",
    link: PEERS,
  },
  "activation-disallowed": {
    meaning:
      "The request came from another network than the home of the device. Correct homeNetId.",
    link: DEVICES,
  },
  "sender-unknown": {
    meaning:
      "The SenderID is not on record, or did not show who it is as its record asks: token, certificate or loopback.",
    link: PEERS,
  },
  "peer-not-allowed": {
    meaning: "The peer is on record and refused. Allow it if it is to ask again.",
    link: PEERS,
  },
  "receiver-unknown": {
    meaning:
      "No device here has the JoinEUI. Correct it at the device, or look at the ranges served.",
    link: PEERS,
  },
  "rate-limited": {
    meaning: "A peer, or a device, asks more often than it may. Look at what asks so often.",
    link: PEERS,
  },
  "protocol-version-unknown": {
    meaning: "The peer speaks another version: set it to Backend Interfaces 1.0 or 1.1.",
    link: PEERS,
  },
  "request-malformed": {
    meaning: "The message of the peer does not have its form (TS002). Look at the peer.",
    link: PEERS,
  },
  "frame-too-short": { meaning: DAMAGED, link: PEERS },
  "frame-too-long": { meaning: DAMAGED, link: PEERS },
  "frame-malformed": { meaning: DAMAGED, link: PEERS },
  "text-malformed": { meaning: DAMAGED, link: PEERS },
  "value-out-of-range": { meaning: DAMAGED, link: PEERS },
  "write-conflict": {
    meaning: "The peer asked many times at once for one device. It asks again by itself.",
  },
  "storage-failed": {
    meaning: "The database did not answer. Look at its disk and at the log of the Join Server.",
  },
};

/** What a refusal means and where to look; one that is not known here is in docs/errors.md. */
export function refusalReason(code: string): RefusalReason {
  return REASONS[code] ?? { meaning: "Look it up in the list of errors (docs/errors.md)." };
}
