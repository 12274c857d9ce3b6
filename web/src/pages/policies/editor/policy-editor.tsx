import { Alert, Button, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import type { EffectiveUpdatePolicy, UpdatePolicy } from "../../../api/generated/warren-api.ts";
import { ErrorPanel } from "../../../components/error-panel.tsx";
import { Loaded } from "../../../components/loaded.tsx";
import { CostTable } from "../../../update-policy/cost-table.tsx";
import { USUAL_CIRCUMSTANCES } from "./circumstances.ts";
import { CircumstancesFields } from "./circumstances-fields.tsx";
import { PolicyFields } from "./policy-fields.tsx";
import { formOfPolicy, type PolicyLevel, policyOfForm, problemOf } from "./policy-form.ts";
import { useCost } from "./use-cost.ts";

interface Props {
  readonly level: PolicyLevel;
  /** As it is on record; {} for a new one. */
  readonly policy: UpdatePolicy;
  /** What holds for members that the policy leaves out. */
  readonly weaker: EffectiveUpdatePolicy;
  /** Fields above those of the policy. */
  readonly children?: ReactNode;
  /** What those fields hold cannot be saved. */
  readonly isBlocked?: boolean;
  readonly onSave: (policy: UpdatePolicy) => Promise<void>;
  readonly onCancel: () => void;
}

/** A policy as a form; its cost is shown as it changes, and nothing is saved before that is known. */
export function PolicyEditor(props: Props) {
  const { level, policy, weaker, children, isBlocked = false, onSave, onCancel } = props;
  const [form, setForm] = useState(() => formOfPolicy(policy, level));
  const [circumstances, setCircumstances] = useState(USUAL_CIRCUMSTANCES);
  const problem = problemOf(form, weaker);
  const written = useMemo(() => policyOfForm(form), [form]);
  const cost = useCost(problem === undefined ? written : undefined, level, circumstances);
  const save = useMutation({ mutationFn: () => onSave(written) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {children}
        <PolicyFields
          level={level}
          form={form}
          weaker={weaker}
          onChange={(change) => setForm((before) => ({ ...before, ...change }))}
        />
        <Group gap="sm">
          <Title order={3} size="h5">
            What it costs each device
          </Title>
          {cost.query.isFetching && <Loader size="xs" role="img" aria-label="Working it out" />}
        </Group>
        <Text size="sm" c="dimmed">
          Of devices such as these; nothing of it is saved.
        </Text>
        <CircumstancesFields value={circumstances} onChange={setCircumstances} />
        {problem === undefined ? (
          <Loaded query={cost.query} height={200}>
            {(answer) => <CostTable cost={answer} label="Cost of this form at each data rate" />}
          </Loaded>
        ) : (
          <Alert color="orange" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        {save.error !== null && <ErrorPanel error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={isBlocked || !cost.isCurrent}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
