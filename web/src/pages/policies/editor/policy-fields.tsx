import { NativeSelect, Stack } from "@mantine/core";
import { DurationInput } from "../../../quantities/duration-input.tsx";
import { MEMBER_WORDS, memberText } from "../../../update-policy/policy-words.ts";
import { LimitField } from "./limit-field.tsx";
import { MemberField } from "./member-field.tsx";
import type { PolicyFieldsProps, PolicyForm } from "./policy-form.ts";
import { TriggersField } from "./triggers-field.tsx";

/** Each member of a policy, with what it means. */
export function PolicyFields(props: PolicyFieldsProps) {
  return (
    <Stack gap="md">
      <LimitField member="maxAgeMs" {...props} />
      <LimitField member="maxSessions" {...props} />
      <LimitField member="maxFrames" {...props} />
      <TriggersField {...props} />
      <MinimumPeriodField {...props} />
      <KindField {...props} />
    </Stack>
  );
}

function MinimumPeriodField({ level, form, weaker, onChange }: PolicyFieldsProps) {
  const { isInherited, value } = form.minimumPeriodMs;
  const { label, help } = MEMBER_WORDS.minimumPeriodMs;
  return (
    <MemberField label={label} help={help}>
      {level === "device-profile" && (
        <NativeSelect
          aria-label={label}
          value={isInherited ? "inherit" : "own"}
          data={[
            {
              value: "inherit",
              label: `as all devices (${memberText("minimumPeriodMs", weaker)})`,
            },
            { value: "own", label: "of its own" },
          ]}
          onChange={(event) =>
            onChange({
              minimumPeriodMs: { isInherited: event.currentTarget.value === "inherit", value },
            })
          }
        />
      )}
      {!isInherited && (
        <DurationInput
          label="At least"
          valueMs={value}
          onChange={(typed) => onChange({ minimumPeriodMs: { isInherited: false, value: typed } })}
        />
      )}
    </MemberField>
  );
}

function KindField({ level, form, weaker, onChange }: PolicyFieldsProps) {
  const { label, help } = MEMBER_WORDS.isHealing;
  const inherited = {
    value: "inherit",
    label: `as all devices (${memberText("isHealing", weaker)})`,
  };
  return (
    <MemberField label={label} help={help}>
      <NativeSelect
        aria-label={label}
        value={form.kind}
        data={[
          ...(level === "device-profile" ? [inherited] : []),
          { value: "plain", label: "without an exchange" },
          { value: "healing", label: "with an X25519 exchange (healing)" },
        ]}
        onChange={(event) => onChange({ kind: event.currentTarget.value as PolicyForm["kind"] })}
      />
    </MemberField>
  );
}
