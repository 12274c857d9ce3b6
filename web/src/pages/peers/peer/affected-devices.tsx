import { useQuery } from "@tanstack/react-query";
import { getDeviceSummaries } from "../../../api/generated/warren-api.ts";
import type { Peer } from "../peer-queries.ts";

/** Counting them all could take long, and more than these says no more to whoever is about to cut them off. */
const LIMIT = 100;

/** How many devices lose something when the peer can ask no longer. */
export function AffectedDevices({ peer: { kind, id } }: { readonly peer: Peer }) {
  const isNetworkServer = kind === "network-server";
  const { data, isPending } = useQuery({
    queryKey: ["devices", "of-peer", kind, id],
    queryFn: ({ signal }) =>
      getDeviceSummaries(
        { limit: LIMIT, ...(isNetworkServer ? { homeNetId: id } : { asId: id }) },
        { signal },
      ),
  });
  const harm = isNetworkServer
    ? "cannot join or rejoin through it, and no root key update reaches them through it."
    : "get no AppSKey for it: their application data cannot be read.";
  if (isPending) return <>Counting its devices…</>;
  if (data === undefined) return <>Devices that name it {harm}</>;
  const { length } = data.devices;
  if (length === 0 && data.next === null) return <>No device names it.</>;
  const count = data.next === null ? String(length) : `${length} or more`;
  return (
    <>
      <strong>
        {count} {length === 1 && data.next === null ? "device that names" : "devices that name"} it
      </strong>{" "}
      {harm}
    </>
  );
}
