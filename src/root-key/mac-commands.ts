/** RootKeyUpdateReq down, RootKeyUpdateAns up: the first of the proprietary command identifiers. */
export const CID_ROOT_KEY_UPDATE = 0x80;
/** NewKeyReadyReq up, NewKeyReadyAns down. */
export const CID_NEW_KEY_READY = 0x81;
/** RootKeyFragment, up and down: a part of a message of a healing update. */
export const CID_ROOT_KEY_FRAGMENT = 0x82;
/** The healing forms of RootKeyUpdateReq down and NewKeyReadyReq up, which have a public key. */
export const CID_HEALING_KEY = 0x83;

/** A proprietary MAC command, as a decoder needs it to find the next command behind it. */
export interface ProprietaryCommand {
  readonly cid: number;
  readonly name: string;
  /** Without the command identifier. */
  readonly payloadLengthBytes: number;
}

/** The commands an end-device sends. */
export const ROOT_KEY_UPLINK_COMMANDS: readonly ProprietaryCommand[] = [
  { cid: CID_ROOT_KEY_UPDATE, name: "RootKeyUpdateAns", payloadLengthBytes: 3 },
  { cid: CID_NEW_KEY_READY, name: "NewKeyReadyReq", payloadLengthBytes: 10 },
  { cid: CID_ROOT_KEY_FRAGMENT, name: "RootKeyFragment", payloadLengthBytes: 10 },
  { cid: CID_HEALING_KEY, name: "NewKeyReadyReq", payloadLengthBytes: 42 },
];

/** The commands an end-device receives. */
export const ROOT_KEY_DOWNLINK_COMMANDS: readonly ProprietaryCommand[] = [
  { cid: CID_ROOT_KEY_UPDATE, name: "RootKeyUpdateReq", payloadLengthBytes: 10 },
  { cid: CID_NEW_KEY_READY, name: "NewKeyReadyAns", payloadLengthBytes: 6 },
  { cid: CID_ROOT_KEY_FRAGMENT, name: "RootKeyFragment", payloadLengthBytes: 10 },
  { cid: CID_HEALING_KEY, name: "RootKeyUpdateReq", payloadLengthBytes: 42 },
];
