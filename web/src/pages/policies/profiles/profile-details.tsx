import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { DeviceProfile } from "../../../api/generated/warren-api.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { CostTable } from "../../../update-policy/cost-table.tsx";
import { PolicyFacts } from "../policy-facts.tsx";
import { profileQuery } from "../policy-queries.ts";

interface Props {
  readonly profile: DeviceProfile;
  readonly mayWrite: boolean;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

/** What holds for the devices of a profile, and what it costs them. */
export function ProfileDetails({ profile, mayWrite, onChange, onDelete }: Props) {
  const { name, description } = profile;
  const query = useQuery(profileQuery(name));
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          {description !== "" && <Text size="sm">{description}</Text>}
          <Anchor
            component={Link}
            to={`/devices?deviceProfile=${encodeURIComponent(name)}`}
            size="sm"
          >
            Devices with this profile
          </Anchor>
        </div>
        {mayWrite && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={onChange}>
              Change
            </Button>
            <Button size="xs" variant="light" color="red" onClick={onDelete}>
              Delete
            </Button>
          </Group>
        )}
      </Group>
      <Loaded query={query} height={200}>
        {({ effective, updatePolicy, cost }) => (
          <Stack>
            <PolicyFacts effective={effective} own={updatePolicy} />
            <CostTable cost={cost} label={`Cost with ${name} at each data rate`} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}
