import type { RandomBytes } from "../../../crypto/random.ts";
import { verifyJoinRequestMic } from "../../../lorawan/join/join-request.ts";
import { decodeMhdr, MType } from "../../../lorawan/mhdr.ts";
import { deriveCandidateKeys } from "../../../root-key/derivation/derive-root-keys.ts";
import { equalRootKeys } from "../../../root-key/root-keys.ts";
import { formatSuite, type Suite } from "../../../root-key/suite.ts";
import { breathe } from "../../breathe.ts";
import { Eavesdropper } from "./eavesdropper.ts";
import { RecordedNetwork } from "./recorded-network.ts";

/** A search for an EDNonce that was not heard. */
export interface MissedNonce {
  readonly suite: Suite;
  readonly name: string;
  readonly kind: "plain" | "healing";
  /** Bits of the 32 that were searched for. */
  readonly widthBits: number;
  readonly candidates: number;
  readonly durationMs: number;
  /** Whether the new root keys came out. */
  readonly isFound: boolean;
}

const STEPS_BETWEEN_BREATHS = 100;
/** The secret of a healing update is unknown too: it stands for any guess. */
const GUESSED_SECRET = new Uint8Array(32);

export interface MissedNonceSearch {
  readonly suite: Suite;
  readonly isHealing: boolean;
  /** 1 to 31 */
  readonly widthBits: number;
  readonly random: RandomBytes;
  readonly signal: AbortSignal;
}

/**
 * As `followUpdates`, but for the frame with NewKeyReadyReq, which has EDNonce and the proof. All but
 * `widthBits` of the nonce are given; what tells a right guess is the next Join-request.
 */
export async function searchMissedNonce(search: MissedNonceSearch): Promise<MissedNonce> {
  const { suite, isHealing, widthBits, random, signal } = search;
  const network = new RecordedNetwork({ macVersion: "1.1.0", carrier: "FPort 199", random });
  const oldKeys = network.device.currentKeys;
  network.join();
  network.update({ suite, isHealing });
  const eavesdropper = new Eavesdropper(oldKeys);
  for (const frame of network.air) eavesdropper.hear(frame);
  const [heard] = eavesdropper.updates;
  const joinRequest = network.air.findLast(([mhdr = 0]) => decodeMhdr(mhdr) === MType.JoinRequest);
  if (heard === undefined || joinRequest === undefined) throw new Error("no update was heard");

  const edNonce = heard.transcript.edNonce.slice();
  const nonce = new DataView(edNonce.buffer);
  const known = nonce.getUint32(0, true) & ~(2 ** widthBits - 1);
  const startedAt = performance.now();
  let candidates = 0;
  let isFound = false;
  while (candidates < 2 ** widthBits) {
    nonce.setUint32(0, known | candidates, true);
    candidates++;
    const transcript = { ...heard.transcript, edNonce };
    const secret = isHealing ? GUESSED_SECRET : undefined;
    const keys = deriveCandidateKeys(oldKeys, transcript, heard.session, secret);
    if (verifyJoinRequestMic(joinRequest, keys.nwkKey)) {
      isFound = equalRootKeys(keys, network.device.currentKeys);
      break;
    }
    if (candidates % STEPS_BETWEEN_BREATHS === 0) await breathe(signal);
  }
  return {
    suite,
    name: formatSuite(suite),
    kind: isHealing ? "healing" : "plain",
    widthBits,
    candidates,
    durationMs: performance.now() - startedAt,
    isFound,
  };
}
