import { Alert, Button, Group, Stack, Textarea } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

interface Props {
  /** The token. */
  readonly text: string;
  readonly onClose: () => void;
}

/** The text of a new token, which nobody can show again. */
export function ShownOnce({ text, onClose }: Props) {
  const { copy, copied, error } = useClipboard({ timeout: 3_000 });
  return (
    <Stack>
      <Alert color="orange" variant="light" title="Keep it now">
        This is the only time that it is shown. Put it into a password manager or into a file that
        only its user can read; if it is lost, revoke it and make another one.
      </Alert>
      <Textarea
        label="Token"
        readOnly
        autosize
        classNames={{ input: "mono" }}
        value={text}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={() => copy(text)} aria-live="polite">
          {copyLabel(copied, error !== null)}
        </Button>
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  );
}

/** Browsers let a page copy over HTTPS and from this machine only. */
function copyLabel(isCopied: boolean, hasFailed: boolean): string {
  if (hasFailed) return "Select it and copy by hand";
  return isCopied ? "Copied" : "Copy the token";
}
