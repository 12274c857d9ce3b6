import { Alert, Button, Code, Text } from "@mantine/core";
import { ApiError, messageOf } from "../api/api-error.ts";

interface Props {
  readonly error: unknown;
  /** Shown as a button when given. */
  readonly onRetry?: () => void;
}

/** What went wrong and what to do, with the code to look up. */
export function ErrorPanel({ error, onRetry }: Props) {
  const code = error instanceof ApiError ? error.code : undefined;
  return (
    <Alert color="red" variant="light" title="That did not work" role="alert" my="sm">
      <Text size="sm">{messageOf(error)}</Text>
      {code !== undefined && <Code mt="xs">{code}</Code>}
      {onRetry !== undefined && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry} display="block">
          Try again
        </Button>
      )}
    </Alert>
  );
}
