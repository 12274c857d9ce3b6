import { Checkbox, NativeSelect, Stack } from "@mantine/core";
import {
  MEMBER_WORDS,
  memberText,
  TRIGGER_WORDS,
  type Trigger,
} from "../../../update-policy/policy-words.ts";
import { MemberField } from "./member-field.tsx";
import type { PolicyFieldsProps } from "./policy-form.ts";

const TRIGGERS = Object.keys(TRIGGER_WORDS) as readonly Trigger[];

/** Events after which an update is wanted. */
export function TriggersField({ level, form, weaker, onChange }: PolicyFieldsProps) {
  const { isInherited, chosen } = form.triggers;
  const { label, help } = MEMBER_WORDS.triggers;
  const toggle = (trigger: Trigger, isChosen: boolean) => {
    const others = chosen.filter((one) => one !== trigger);
    onChange({
      triggers: { isInherited: false, chosen: isChosen ? [...others, trigger] : others },
    });
  };
  return (
    <MemberField label={label} help={help}>
      <Stack gap="xs">
        {level === "device-profile" && (
          <NativeSelect
            aria-label={label}
            value={isInherited ? "inherit" : "own"}
            data={[
              { value: "inherit", label: `as all devices (${memberText("triggers", weaker)})` },
              { value: "own", label: "those chosen here" },
            ]}
            onChange={(event) =>
              onChange({
                triggers: { isInherited: event.currentTarget.value === "inherit", chosen },
              })
            }
          />
        )}
        {!isInherited &&
          TRIGGERS.map((trigger) => (
            <Checkbox
              key={trigger}
              label={TRIGGER_WORDS[trigger].label}
              description={TRIGGER_WORDS[trigger].help}
              checked={chosen.includes(trigger)}
              onChange={(event) => toggle(trigger, event.currentTarget.checked)}
            />
          ))}
      </Stack>
    </MemberField>
  );
}
