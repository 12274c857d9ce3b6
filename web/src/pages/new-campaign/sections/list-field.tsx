import { Button, FileButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMemo } from "react";
import { notifyFailed } from "../../../components/notify.ts";
import { countOf } from "../../../quantities/numbers.ts";
import type { SectionProps } from "../form/campaign-form.ts";
import { readDevEuis } from "../form/read-dev-euis.ts";

/** DevEUIs one by one: pasted, read from a file, or handed over by the page of the devices. */
export function ListField({ form, problems, onChange }: SectionProps) {
  const count = useMemo(() => readDevEuis(form.devEuis).devEuis.length, [form.devEuis]);
  const read = async (file: File | null) => {
    try {
      if (file !== null) onChange({ devEuis: await file.text() });
    } catch (error) {
      notifyFailed(`Read ${file?.name}`, error);
    }
  };
  return (
    <Stack gap="xs">
      <Textarea
        label="DevEUIs"
        description="One a line, up to 100,000; lines that begin with # are notes."
        value={form.devEuis}
        error={form.devEuis === "" ? undefined : problems["devEuis"]}
        rows={8}
        resize="vertical"
        spellCheck={false}
        classNames={{ input: "mono" }}
        onChange={(event) => onChange({ devEuis: event.currentTarget.value })}
      />
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {countOf(count, "DevEUI")}
        </Text>
        <FileButton onChange={(file) => void read(file)} accept=".txt,.csv,text/plain">
          {(button) => (
            <Button variant="default" size="xs" {...button}>
              Read a file
            </Button>
          )}
        </FileButton>
      </Group>
    </Stack>
  );
}
