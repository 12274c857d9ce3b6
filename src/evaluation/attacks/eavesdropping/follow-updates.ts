import type { RandomBytes } from "../../../crypto/random.ts";
import { equalRootKeys, type RootKeys } from "../../../root-key/root-keys.ts";
import { formatSuite, type Suite } from "../../../root-key/suite.ts";
import { Eavesdropper } from "./eavesdropper.ts";
import { RecordedNetwork } from "./recorded-network.ts";

/** What somebody got who had the old root keys of a device and heard all that was sent. */
export interface FollowedUpdate {
  readonly suite: Suite;
  readonly name: string;
  readonly kind: "plain" | "healing";
  /** On the air, joins included. */
  readonly frames: number;
  /** Data frames that could not be read. */
  readonly unread: number;
  /** Root keys of the update and of the plain update after it. */
  readonly hasNewKeys: boolean;
  readonly hasLaterKeys: boolean;
}

/**
 * A LoRaWAN 1.1 device joins, updates its root keys, and updates them once more with a plain update; the
 * eavesdropper has the keys of before and every frame.
 */
export function followUpdates(
  suite: Suite,
  isHealing: boolean,
  random: RandomBytes,
): FollowedUpdate {
  const network = new RecordedNetwork({ macVersion: "1.1.0", carrier: "FPort 199", random });
  const oldKeys = network.device.currentKeys;
  network.join();
  network.update({ suite, isHealing });
  const afterUpdate = eavesdrop(network, oldKeys);
  const hasNewKeys = equalRootKeys(afterUpdate.rootKeys, network.device.currentKeys);
  network.update({ suite, isHealing: false });
  const later = eavesdrop(network, oldKeys);
  return {
    suite,
    name: formatSuite(suite),
    kind: isHealing ? "healing" : "plain",
    frames: network.air.length,
    unread: later.unread,
    hasNewKeys,
    hasLaterKeys: equalRootKeys(later.rootKeys, network.device.currentKeys),
  };
}

function eavesdrop(network: RecordedNetwork, rootKeys: RootKeys): Eavesdropper {
  const eavesdropper = new Eavesdropper(rootKeys);
  for (const frame of network.air) eavesdropper.hear(frame);
  return eavesdropper;
}
