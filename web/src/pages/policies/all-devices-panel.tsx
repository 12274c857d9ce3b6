import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { putUpdatePolicy, type UpdatePolicy } from "../../api/generated/warren-api.ts";
import { Loaded } from "../../components/loaded.tsx";
import { notifyDone } from "../../components/notify.ts";
import { Panel } from "../../components/panel.tsx";
import { CostTable } from "../../update-policy/cost-table.tsx";
import { PolicyEditor } from "./editor/policy-editor.tsx";
import { DEFAULT_POLICY } from "./editor/policy-form.ts";
import { PolicyModal } from "./editor/policy-modal.tsx";
import { PolicyFacts } from "./policy-facts.tsx";
import { allDevicesQuery, usePoliciesChanged } from "./policy-queries.ts";

/** The policy of devices that say nothing else, themselves or by their profile. */
export function AllDevicesPanel({ mayWrite }: { readonly mayWrite: boolean }) {
  const query = useQuery(allDevicesQuery);
  const [isOpen, { open, close }] = useDisclosure();
  const changed = usePoliciesChanged();
  const save = async (updatePolicy: UpdatePolicy) => {
    await putUpdatePolicy({ updatePolicy });
    changed();
    notifyDone("The policy of all devices is set.");
    close();
  };
  return (
    <Panel
      title="All devices"
      about="Without a limit or an event, updates are started only by people, campaigns and servers that ask."
      actions={
        mayWrite && (
          <Button size="xs" variant="default" disabled={query.data === undefined} onClick={open}>
            Change
          </Button>
        )
      }
    >
      <Loaded query={query} height={220}>
        {({ policy, effective, cost }) => (
          <Stack>
            <PolicyFacts effective={effective} />
            <CostTable cost={cost} label="Cost for all devices at each data rate" />
            <PolicyModal title="Policy of all devices" isOpen={isOpen} onClose={close}>
              <PolicyEditor
                level="all-devices"
                policy={policy}
                weaker={DEFAULT_POLICY}
                onSave={save}
                onCancel={close}
              />
            </PolicyModal>
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}
