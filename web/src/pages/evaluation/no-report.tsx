import { Button, Code, List, Stack, Text } from "@mantine/core";
import { Panel } from "../../components/panel.tsx";

interface Props {
  readonly onLookAgain: () => void;
  readonly isLooking: boolean;
}

/** What the report would be, and how to make it. */
export function NoReport({ onLookAgain, isLooking }: Props) {
  return (
    <Panel title="No report has been made yet">
      <Stack gap="sm" maw={760}>
        <Text size="sm">
          The report repeats what Han and Wang measured for their root key update (Cryptography
          2018, 2(4), 34) and adds what they should have measured. Each finding says whether a claim
          is reproduced, by the numbers of that run.
        </Text>
        <Text size="sm">Make it on the machine of the Join Server, in the folder of Warren:</Text>
        <Code block>npm run evaluate</Code>
        <List size="sm" spacing={4}>
          <List.Item>
            It takes minutes to tens of minutes, and wants a machine that does nothing else.
          </List.Item>
          <List.Item>
            <Code>npm run evaluate -- --short</Code> takes about a minute and shows what it looks
            like; it decides nothing.
          </List.Item>
          <List.Item>
            A report in another folder: start the Join Server with{" "}
            <Code>--evaluation-report-folder</Code>.
          </List.Item>
        </List>
        <div>
          <Button variant="default" size="xs" onClick={onLookAgain} loading={isLooking}>
            Look again
          </Button>
        </div>
      </Stack>
    </Panel>
  );
}
