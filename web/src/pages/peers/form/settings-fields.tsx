import { Checkbox, NativeSelect, NumberInput, SimpleGrid, Stack, Switch } from "@mantine/core";
import type { PeerKind } from "../peer-queries.ts";
import type { FormProblems } from "./check-form.ts";
import type { PeerForm } from "./peer-form.ts";

interface Props {
  readonly kind: PeerKind;
  readonly form: PeerForm;
  readonly onChange: (change: Partial<PeerForm>) => void;
  readonly problems: FormProblems;
}

/** What of a peer is no secret: updates, answers, delivery of AppSKeys, rate limit. */
export function SettingsFields({ kind, form, onChange, problems }: Props) {
  const isAs = kind === "application-server";
  return (
    <Stack gap="sm">
      {isAs && (
        <NativeSelect
          label="How it gets AppSKeys"
          data={[
            { value: "both", label: "with the JoinAns, and it may ask (both)" },
            { value: "envelope", label: "with the JoinAns, wrapped (envelope)" },
            { value: "session-key-id", label: "it asks, by SessionKeyID" },
          ]}
          value={form.appSKeyDelivery}
          onChange={(event) =>
            onChange({ appSKeyDelivery: event.currentTarget.value as PeerForm["appSKeyDelivery"] })
          }
        />
      )}
      <Switch
        label="Relays root key updates"
        description={
          isAs
            ? "On an application port, for Network Servers that know nothing of them."
            : "As MAC commands; it is told the generation of a device's root keys."
        }
        checked={form.relaysRootKeyUpdates}
        onChange={(event) => onChange({ relaysRootKeyUpdates: event.currentTarget.checked })}
      />
      {isAs && form.relaysRootKeyUpdates && (
        <NumberInput
          label="FPort of root key updates"
          min={1}
          max={223}
          value={form.rootKeyFPort}
          onChange={(rootKeyFPort) => onChange({ rootKeyFPort })}
          error={problems["rootKeyFPort"]}
        />
      )}
      <NativeSelect
        label="Answers"
        data={[
          { value: "sync", label: "synchronous: in the answer to its request" },
          { value: "async", label: "asynchronous: as a request to its route" },
        ]}
        value={form.answers}
        onChange={(event) =>
          onChange({ answers: event.currentTarget.value === "async" ? "async" : "sync" })
        }
        error={problems["answers"]}
      />
      <Checkbox
        label="A rate limit of its own"
        description="Without it the limit of the configuration counts."
        checked={form.hasRateLimit}
        onChange={(event) => onChange({ hasRateLimit: event.currentTarget.checked })}
      />
      {form.hasRateLimit && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NumberInput
            label="Requests a second"
            min={0}
            value={form.perSecond}
            onChange={(perSecond) => onChange({ perSecond })}
            error={problems["perSecond"]}
          />
          <NumberInput
            label="At once"
            min={1}
            allowDecimal={false}
            value={form.burst}
            onChange={(burst) => onChange({ burst })}
            error={problems["burst"]}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}
