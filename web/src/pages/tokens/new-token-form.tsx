import { Button, Group, NativeSelect, Radio, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { expiryOf, LIFETIMES, type Lifetime } from "./lifetimes.ts";
import { ROLE_WORDS, type Role } from "./role-words.ts";

interface Props {
  readonly onMake: (body: { name: string; role: Role; expiresAt?: string }) => Promise<void>;
  readonly onCancel: () => void;
}

export function NewTokenForm({ onMake, onCancel }: Props) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("auditor");
  const [lifetime, setLifetime] = useState<Lifetime>("90");
  const [until, setUntil] = useState("");
  const [isChecked, setChecked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const nameProblem = name.trim() === "" ? "Say whose it is, or what for." : undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const expiresAt = expiryOf(lifetime, until, Date.now());
    if (nameProblem !== undefined || expiresAt === null) return;
    setBusy(true);
    setError(undefined);
    try {
      await onMake({ name: name.trim(), role, ...(expiresAt !== undefined && { expiresAt }) });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        <TextInput
          label="Name"
          description="Whose it is, or what for."
          maxLength={128}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={isChecked ? nameProblem : undefined}
          required
          data-autofocus
        />
        <Radio.Group label="Role" value={role} onChange={(value) => setRole(value as Role)}>
          <Stack gap="xs" mt={6}>
            {ROLE_WORDS.map(({ role: value, about }) => (
              <Radio key={value} value={value} label={value} description={about} />
            ))}
          </Stack>
        </Radio.Group>
        <NativeSelect
          label="It can be used for"
          data={LIFETIMES.map(({ value, label }) => ({ value, label }))}
          value={lifetime}
          onChange={(event) => setLifetime(event.currentTarget.value as Lifetime)}
        />
        {lifetime === "until" && (
          <TextInput
            type="datetime-local"
            label="Until"
            description="In the time zone of this browser."
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
            error={
              isChecked && expiryOf("until", until, Date.now()) === null
                ? "Give a moment that is to come."
                : undefined
            }
          />
        )}
        {error !== undefined && <ErrorPanel error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
