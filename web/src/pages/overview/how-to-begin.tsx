import { Anchor, Code, List, Text } from "@mantine/core";
import { Link } from "react-router";
import { useRights } from "../../api/use-rights.ts";
import { Panel } from "../../components/panel.tsx";
import { countOf } from "../../quantities/numbers.ts";
import type { OverviewData } from "./overview-queries.ts";

/** For a Join Server that has no devices yet: what to do, in the order in which it is done. */
export function HowToBegin({ peers }: { readonly peers: OverviewData["peers"] }) {
  const hasRight = useRights();
  return (
    <Panel title="No devices yet" about="Three steps until the first device joins.">
      <List type="ordered" spacing="sm">
        <List.Item>
          <Text size="sm">
            Say who may ask for keys: the Network Server of the devices, and the Application Server
            that gets their AppSKey.{" "}
            {hasRight("peer:read") && (
              <Anchor component={Link} to="/peers" size="sm" underline="always">
                Peers
              </Anchor>
            )}
            {peers.networkServers > 0 &&
              ` (${countOf(peers.networkServers, "Network Server")} on record)`}
          </Text>
        </List.Item>
        <List.Item>
          <Text size="sm">
            Add the devices with their root keys:{" "}
            {hasRight("device:write") ? (
              <>
                <Anchor component={Link} to="/import" size="sm" underline="always">
                  import a file
                </Anchor>{" "}
                (CSV, TR005, an export of ChirpStack or The Things Stack), or run{" "}
                <Code>warren import devices.csv</Code>.
              </>
            ) : (
              "somebody with the role operator or administrator does it."
            )}
          </Text>
        </List.Item>
        <List.Item>
          <Text size="sm">
            Switch a device on. Its join, or why it was refused, shows here at once.
          </Text>
        </List.Item>
      </List>
    </Panel>
  );
}
