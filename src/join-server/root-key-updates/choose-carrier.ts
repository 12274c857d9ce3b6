import type { Device } from "../device.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../peers.ts";
import type { UpdateCarrier } from "./update-attempt.ts";

/** The peers of one device, as far as they are on record. */
export interface UpdatePeers {
  readonly networkServer: NetworkServerPeer | undefined;
  readonly applicationServer: ApplicationServerPeer | undefined;
}

/**
 * The way an update takes to a device: the one that its settings name, else MAC commands before the
 * application port, and a server that can be sent to before one that has to ask by itself.
 *
 * @returns undefined when no server relays updates that way
 */
export function chooseCarrier(
  { carrier }: Pick<Device, "carrier">,
  { networkServer, applicationServer }: UpdatePeers,
): UpdateCarrier | undefined {
  const relays: readonly Relay[] = [
    { carrier: "mac-commands", peer: networkServer },
    { carrier: "application-port", peer: applicationServer },
  ];
  const possible = relays.filter(
    (relay) =>
      (carrier === "automatic" || carrier === relay.carrier) &&
      relay.peer?.isAllowed === true &&
      relay.peer.relaysRootKeyUpdates,
  );
  const reachable = possible.find(({ peer }) => peer?.route !== undefined);
  return (reachable ?? possible[0])?.carrier;
}

interface Relay {
  readonly carrier: UpdateCarrier;
  readonly peer: NetworkServerPeer | ApplicationServerPeer | undefined;
}
