import { Stack } from "@mantine/core";
import { useRights } from "../../api/use-rights.ts";
import { Page } from "../../components/page.tsx";
import { AllDevicesPanel } from "./all-devices-panel.tsx";
import { ProfilesPanel } from "./profiles/profiles-panel.tsx";

export function PoliciesPage() {
  const mayWrite = useRights()("policy:write");
  return (
    <Page
      title="Update policies"
      about="A policy says when devices get new root keys by themselves. What a device says of its own comes before its profile, and that before the policy of all devices."
    >
      <Stack>
        <AllDevicesPanel mayWrite={mayWrite} />
        <ProfilesPanel mayWrite={mayWrite} />
      </Stack>
    </Page>
  );
}
