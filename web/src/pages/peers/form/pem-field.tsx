import { Button, FileButton, Group, Stack, Textarea } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly onChange: (pem: string) => void;
  readonly error: string | undefined;
}

/** A certificate as PEM, typed in or from a file. */
export function PemField({ label, description, value, onChange, error }: Props) {
  const read = async (file: File | null) => {
    if (file !== null) onChange(await file.text());
  };
  return (
    <Stack gap={6}>
      <Textarea
        label={label}
        description={description}
        placeholder="-----BEGIN CERTIFICATE-----"
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        classNames={{ input: "mono" }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      <Group>
        <FileButton onChange={(file) => void read(file)} accept=".pem,.crt,.cer">
          {(props) => (
            <Button {...props} size="xs" variant="default">
              Take it from a file
            </Button>
          )}
        </FileButton>
      </Group>
    </Stack>
  );
}
