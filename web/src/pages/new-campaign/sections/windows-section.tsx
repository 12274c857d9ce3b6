import { Button, Stack, Text } from "@mantine/core";
import type { SectionProps } from "../form/campaign-form.ts";
import type { WindowForm } from "../form/time-windows.ts";
import { Section } from "./section.tsx";
import { WindowFields } from "./window-fields.tsx";

const WINDOWS_MAX = 32;

export function WindowsSection({ form, problems, onChange }: SectionProps) {
  const { windows } = form;
  const add = () => {
    const key = Math.max(0, ...windows.map((window) => window.key)) + 1;
    onChange({ windows: [...windows, { key, days: [], from: "22:00", to: "05:00" }] });
  };
  const change = (changed: WindowForm) =>
    onChange({ windows: windows.map((one) => (one.key === changed.key ? changed : one)) });
  return (
    <Section
      legend="When to start updates"
      help={`Without a time window, at any time. Times are UTC (now ${utcNow()}); a window may cross midnight, its days are those on which it begins.`}
    >
      <Stack gap="sm" align="flex-start">
        {windows.length === 0 && <Text size="sm">Always.</Text>}
        {windows.map((window, index) => (
          <WindowFields
            key={window.key}
            number={index + 1}
            window={window}
            problem={problems[`window ${window.key}`]}
            onChange={change}
            onRemove={() => onChange({ windows: windows.filter(({ key }) => key !== window.key) })}
          />
        ))}
        {windows.length < WINDOWS_MAX && (
          <Button variant="default" size="xs" onClick={add}>
            Add a time window
          </Button>
        )}
      </Stack>
    </Section>
  );
}

function utcNow(): string {
  return new Date().toISOString().slice(11, 16);
}
