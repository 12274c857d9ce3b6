import { Alert, Grid, Stack } from "@mantine/core";
import { useMemo, useState } from "react";
import { useLocation } from "react-router";
import { useRights } from "../../api/use-rights.ts";
import { Page } from "../../components/page.tsx";
import { readForm } from "./form/campaign-body.ts";
import type { CampaignForm } from "./form/campaign-form.ts";
import { formOfRouteState } from "./form/handed-over.ts";
import { CreateCampaign } from "./preview/create-campaign.tsx";
import { PreviewCard } from "./preview/preview-card.tsx";
import { usePreview } from "./preview/use-preview.ts";
import { DevicesSection } from "./sections/devices-section.tsx";
import { NameSection } from "./sections/name-section.tsx";
import { PaceSection } from "./sections/pace-section.tsx";
import { RetriesSection } from "./sections/retries-section.tsx";
import { SafetySection } from "./sections/safety-section.tsx";
import { UpdatesSection } from "./sections/updates-section.tsx";
import { WindowsSection } from "./sections/windows-section.tsx";

export function NewCampaignPage() {
  const mayRun = useRights()("campaign:run");
  const { state } = useLocation();
  const [form, setForm] = useState(() => formOfRouteState(state));
  const read = useMemo(() => readForm(form), [form]);
  const { query, isCurrent } = usePreview(read);
  const change = (changed: Partial<CampaignForm>) =>
    setForm((before) => ({ ...before, ...changed }));
  const section = { form, problems: read.problems, onChange: change };
  const hasProblems = Object.keys(read.problems).length > 0;
  return (
    <Page
      title="New campaign"
      about="New root keys for many devices. Everything but the devices can be left as it is; nothing starts before you have seen what it will do."
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
          <Stack>
            <NameSection {...section} />
            <DevicesSection {...section} />
            <UpdatesSection {...section} />
            <PaceSection {...section} />
            <SafetySection {...section} />
            <WindowsSection {...section} />
            <RetriesSection {...section} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
          <Stack pos="sticky" top={68}>
            <PreviewCard query={query} hasProblems={hasProblems} />
            {mayRun ? (
              <CreateCampaign
                body={read.body}
                preview={isCurrent && !hasProblems ? query.data : undefined}
              />
            ) : (
              <Alert color="gray">
                Your role may look but not run campaigns: ask an operator or an administrator.
              </Alert>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
