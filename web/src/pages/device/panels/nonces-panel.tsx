import type { Device } from "../../../api/generated/warren-api.ts";
import { Facts } from "../../../components/facts.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Time } from "../../../components/time.tsx";
import { formatCount } from "../../../quantities/numbers.ts";

/** The counters of both sides that keep old messages from being taken again. */
export function NoncesPanel({ device }: { readonly device: Device }) {
  const { joinNonce, lastDevNonce, rjCount1, devAddr, lastUpdateId, nwkKeyReplacedAt, macVersion } =
    device;
  return (
    <Panel title="Counters" about="What keeps recorded messages from being accepted again.">
      <Facts
        columns={2}
        facts={[
          ["JoinNonce, last issued", formatCount(joinNonce)],
          ["DevNonce, last accepted", devNonceText(macVersion, lastDevNonce)],
          ["RJcount1", rjCount1 === null ? undefined : formatCount(rjCount1)],
          ["UpdateID, last used", `${formatCount(lastUpdateId)} of 65,535`],
          ["DevAddr", devAddr ?? "none yet"],
          [
            "Keys given by an operator",
            nwkKeyReplacedAt === null ? undefined : <Time key="at" at={nwkKeyReplacedAt} />,
          ],
        ]}
      />
    </Panel>
  );
}

/** From 1.0.4 on DevNonces are counted; before they are drawn, and each is accepted once. */
function devNonceText(macVersion: string, last: number | null): string {
  if (last !== null) return formatCount(last);
  return /^1\.0\.[0-3]$/.test(macVersion) ? "each one once, in no order" : "none yet";
}
