import { NativeSelect, NumberInput } from "@mantine/core";
import { DurationInput } from "../../../quantities/duration-input.tsx";
import { MEMBER_WORDS, memberText } from "../../../update-policy/policy-words.ts";
import { MemberField } from "./member-field.tsx";
import type { LimitForm, PolicyFieldsProps } from "./policy-form.ts";

const DAY_MS = 86_400_000;
/** What the fields begin with when a limit is switched on: a year, once a week for a year, hourly for a year. */
const FIRST = { maxAgeMs: 365 * DAY_MS, maxSessions: 50, maxFrames: 8_760 } as const;
const MOST = { maxSessions: 1_000_000_000, maxFrames: 1_000_000_000_000 } as const;

interface Props extends PolicyFieldsProps {
  readonly member: keyof typeof FIRST;
}

/** A limit: none, one of its own, or that of all devices. */
export function LimitField({ member, level, form, weaker, onChange }: Props) {
  const { label, help } = MEMBER_WORDS[member];
  const { mode, value } = form[member];
  const change = (limit: LimitForm) => onChange({ [member]: limit });
  const inherited = { value: "inherit", label: `as all devices (${memberText(member, weaker)})` };
  const changeValue = (typed: number | undefined) => change({ mode: "limit", value: typed });
  return (
    <MemberField label={label} help={help}>
      <NativeSelect
        aria-label={label}
        value={mode}
        data={[
          ...(level === "device-profile" ? [inherited] : []),
          { value: "none", label: "no limit" },
          { value: "limit", label: "a limit" },
        ]}
        onChange={(event) => {
          const chosen = event.currentTarget.value as LimitForm["mode"];
          change({ mode: chosen, value: value ?? FIRST[member] });
        }}
      />
      {mode === "limit" && member === "maxAgeMs" && (
        <DurationInput
          label="At most"
          units={["hours", "days"]}
          valueMs={value}
          onChange={changeValue}
        />
      )}
      {mode === "limit" && member !== "maxAgeMs" && (
        <NumberInput
          label="At most"
          value={value ?? ""}
          min={1}
          max={MOST[member]}
          allowDecimal={false}
          clampBehavior="strict"
          thousandSeparator=","
          onChange={(typed) => changeValue(typeof typed === "number" ? typed : undefined)}
        />
      )}
    </MemberField>
  );
}
