import { Anchor, Badge, Grid, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { ApiError } from "../../api/api-error.ts";
import type { Device } from "../../api/generated/warren-api.ts";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { Identifier } from "../../components/identifier.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { DeviceActions } from "./actions/device-actions.tsx";
import { ActivityPanel } from "./panels/activity-panel.tsx";
import { GenerationsPanel } from "./panels/generations-panel.tsx";
import { IdentityPanel } from "./panels/identity-panel.tsx";
import { NoncesPanel } from "./panels/nonces-panel.tsx";
import { PolicyPanel } from "./panels/policy-panel.tsx";
import { SessionsPanel } from "./panels/sessions-panel.tsx";
import { AttemptsPanel } from "./update/attempts-panel.tsx";
import { UpdatePanel } from "./update/update-panel.tsx";
import { useDevice, useTimeline } from "./use-device.ts";

/** One device, and the life of its keys. */
export function DevicePage() {
  const { devEui = "" } = useParams();
  // One that is typed into the address may be in upper case; events and the server's answers are not.
  return <KnownDevice key={devEui} devEui={devEui.toLowerCase()} />;
}

function KnownDevice({ devEui }: { readonly devEui: string }) {
  const query = useDevice(devEui);
  const { data: device, error, isPending, refetch } = query;
  const isGone = error instanceof ApiError && error.status === 404;
  if (device !== undefined && !isGone) {
    return (
      <Page
        title={device.name === "" ? device.devEui : device.name}
        actions={<DeviceActions device={device} />}
      >
        {error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} />}
        <DeviceBody device={device} />
      </Page>
    );
  }
  return (
    <Page title={`Device ${devEui}`}>
      {isPending ? (
        <Skeleton height={400} aria-busy role="img" aria-label="Loading" />
      ) : (
        <ErrorPanel error={error} onRetry={isGone ? undefined : () => void refetch()} />
      )}
      {isGone && (
        <Anchor component={Link} to="/devices" size="sm">
          Go to the list of devices
        </Anchor>
      )}
    </Page>
  );
}

/** Attempts that are shown first, and the most that the server keeps of a device. */
const [FEW, ALL] = [10, 256];

function DeviceBody({ device }: { readonly device: Device }) {
  const [limit, setLimit] = useState(FEW);
  const timeline = useTimeline(device, limit);
  const { devEui } = device;
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Identifier>{devEui}</Identifier>
        <Badge variant="outline" tt="none">
          generation {device.generation}
        </Badge>
        <Badge variant="outline" color="gray" tt="none">
          LoRaWAN {device.macVersion}
        </Badge>
        {device.isDisabled && (
          <Badge color="orange" variant="outline" tt="none">
            disabled
          </Badge>
        )}
        {device.failedAttempts > 0 && (
          <Badge color="red" variant="outline" tt="none">
            {device.failedAttempts} failed in a row
          </Badge>
        )}
      </Group>
      {device.isDisabled && (
        <Text size="sm">Disabled: every request for it is refused until it is enabled again.</Text>
      )}
      <Loaded query={timeline} height={300}>
        {(loaded) => (
          <>
            <UpdatePanel device={device} timeline={loaded} />
            <Grid gap="md">
              <Grid.Col span={{ base: 12, md: 5 }}>
                <Stack gap="md">
                  <GenerationsPanel device={device} timeline={loaded} />
                  <IdentityPanel device={device} />
                  <NoncesPanel device={device} />
                  <PolicyPanel devEui={devEui} />
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 7 }}>
                <Stack gap="md">
                  <AttemptsPanel
                    timeline={loaded}
                    onMore={loaded.next === null ? undefined : () => setLimit(ALL)}
                  />
                  <ActivityPanel devEui={devEui} />
                </Stack>
              </Grid.Col>
            </Grid>
          </>
        )}
      </Loaded>
      <SessionsPanel device={device} />
    </Stack>
  );
}
