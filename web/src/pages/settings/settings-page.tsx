import { Code, Grid, Stack, Text } from "@mantine/core";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { DatabasePanel } from "./database-panel.tsx";
import { LimitsPanel } from "./limits-panel.tsx";
import { ListenersPanel } from "./listeners-panel.tsx";
import { ProcessPanel } from "./process-panel.tsx";
import { type SettingsData, useSettings } from "./settings-queries.ts";
import { UpdatesPanel } from "./updates-panel.tsx";
import { VaultPanel } from "./vault-panel.tsx";
import { WebhooksPanel } from "./webhooks-panel.tsx";

/** How the Join Server runs. Nothing is changed here: settings are read once, at its start. */
export function SettingsPage() {
  const settings = useSettings();
  return (
    <Page
      title="Settings and vault"
      about="How this Join Server runs and what its keys are sealed under. Changes are made on its machine."
    >
      <Loaded query={settings} height={600}>
        {(data) => <Panels settings={data} />}
      </Loaded>
    </Page>
  );
}

function Panels({ settings }: { readonly settings: SettingsData }) {
  return (
    <Stack gap="md">
      <Text size="sm">
        Each setting names its member of the configuration file: change it there and start the Join
        Server again. <Code>warren config show</Code> says where each value comes from,{" "}
        <Code>warren config check</Code> whether a change is right.
      </Text>
      <ProcessPanel settings={settings} />
      <VaultPanel settings={settings} />
      <ListenersPanel settings={settings} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <UpdatesPanel updates={settings.updates} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap="md">
            <LimitsPanel limits={settings.limits} />
            <DatabasePanel settings={settings} />
          </Stack>
        </Grid.Col>
      </Grid>
      <WebhooksPanel webhooks={settings.webhooks} />
    </Stack>
  );
}
