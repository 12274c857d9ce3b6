import { Button, CloseButton, Fieldset, Group, Stack, TextInput } from "@mantine/core";
import type { DeviceSettings } from "./device-settings.ts";

interface Props {
  readonly tags: DeviceSettings["tags"];
  readonly onChange: (tags: DeviceSettings["tags"]) => void;
}

/** As the server takes them. */
const MOST = 32;

/** Free names and values. */
export function TagFields({ tags, onChange }: Props) {
  const change = (index: number, part: Partial<DeviceSettings["tags"][number]>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)));
  return (
    <Fieldset legend="Tags" variant="unstyled">
      <Stack gap={6}>
        {tags.map(({ name, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a tag has no other identity while its name is typed
          <Group key={index} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={`Name of tag ${index + 1}`}
              placeholder="name"
              value={name}
              maxLength={64}
              flex={1}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={`Value of tag ${index + 1}`}
              placeholder="value"
              value={value}
              maxLength={256}
              flex={2}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
            />
            <CloseButton
              aria-label={`Remove tag ${index + 1}`}
              onClick={() => onChange(tags.filter((_, at) => at !== index))}
            />
          </Group>
        ))}
        {tags.length < MOST && (
          <div>
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => onChange([...tags, { name: "", value: "" }])}
            >
              Add a tag
            </Button>
          </div>
        )}
      </Stack>
    </Fieldset>
  );
}
