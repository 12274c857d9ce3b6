import { Alert, Button, Fieldset, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  readonly legend: string;
  /** What is on record. */
  readonly summary: string;
  /** What has to be given again when it is replaced; undefined: nothing. */
  readonly lost: string | undefined;
  /** Whether the fields are shown. */
  readonly isReplaced: boolean;
  /** A new peer has nothing to keep. */
  readonly isNew: boolean;
  readonly onReplace: (isReplaced: boolean) => void;
  readonly children: ReactNode;
}

/** Settings with secrets, which stay as they are or are given anew as a whole. */
export function Replaceable(props: Props) {
  const { legend, summary, lost, isReplaced, isNew, onReplace, children } = props;
  return (
    <Fieldset legend={legend}>
      <Stack gap="sm" align="stretch">
        {!isNew && (
          <Text size="sm">
            On record: {summary}.{" "}
            <Button size="compact-xs" variant="default" onClick={() => onReplace(!isReplaced)}>
              {isReplaced ? "Keep it" : "Replace it"}
            </Button>
          </Text>
        )}
        {isReplaced && !isNew && lost !== undefined && (
          <Alert color="orange" variant="light">
            All of it is replaced. Give again what shall stay: {lost}.
          </Alert>
        )}
        {isReplaced && children}
      </Stack>
    </Fieldset>
  );
}
