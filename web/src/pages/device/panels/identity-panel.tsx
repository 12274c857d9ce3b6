import { Badge, Group, Text } from "@mantine/core";
import type { Device } from "../../../api/generated/warren-api.ts";
import { Facts } from "../../../components/facts.tsx";
import { Identifier } from "../../../components/identifier.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Time } from "../../../components/time.tsx";

/** Who the device is, and how it is set. */
export function IdentityPanel({ device }: { readonly device: Device }) {
  const { tags, description, macVersion } = device;
  const none = (
    <Text c="dimmed" span size="sm">
      none
    </Text>
  );
  return (
    <Panel title="Identity and settings">
      <Facts
        columns={2}
        facts={[
          ["DevEUI", <Identifier key="devEui">{device.devEui}</Identifier>],
          [
            macVersion.startsWith("1.1") ? "JoinEUI" : "JoinEUI (AppEUI)",
            <Identifier key="joinEui">{device.joinEui}</Identifier>,
          ],
          ["LoRaWAN", macVersion],
          ["Suite", device.suite],
          ["Home NetID", <Identifier key="netId">{device.homeNetId}</Identifier>],
          ["AS-ID", device.asId],
          ["Carrier of updates", device.carrier.replace("-", " ")],
          ["Device profile", device.deviceProfile === "" ? none : device.deviceProfile],
          ["Added", <Time key="added" at={device.createdAt} />],
          [
            "Other AppEUIs accepted",
            macVersion.startsWith("1.1") ? undefined : device.allowsForeignJoinEui ? "yes" : "no",
          ],
          ["Description", description === "" ? undefined : description],
          ["Tags", Object.keys(tags).length === 0 ? undefined : <Tags key="tags" tags={tags} />],
        ]}
      />
    </Panel>
  );
}

function Tags({ tags }: Pick<Device, "tags">) {
  return (
    <Group gap={4}>
      {Object.entries(tags).map(([name, value]) => (
        <Badge key={name} variant="outline" color="gray" tt="none" size="sm">
          {name}: {value}
        </Badge>
      ))}
    </Group>
  );
}
