import { Code, Modal, ScrollArea, Stack } from "@mantine/core";
import type { AuditEntry } from "../../../api/generated/warren-api.ts";
import { Facts } from "../../../components/facts.tsx";
import { Identifier } from "../../../components/identifier.tsx";
import { absoluteTime } from "../../../components/time.tsx";
import { ACTION_WORDS } from "../action-words.ts";
import { Subject } from "./subject.tsx";

interface Props {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
}

/** All of an entry, with the hashes that bind it to the one before. */
export function EntryModal({ entry, onClose }: Props) {
  const { seq, at, action, actor, details, hash, previousHash } = entry;
  const words = ACTION_WORDS[action];
  return (
    <Modal opened onClose={onClose} title={`Entry ${seq} of the audit log`} size="lg">
      <Stack>
        <Facts
          columns={2}
          facts={[
            ["When", absoluteTime(new Date(at).toISOString())],
            ["What", words === undefined ? action : `${words} (${action})`],
            ["To what", <Subject key="subject" entry={entry} />],
            ["Who", <Identifier key="actor">{actor}</Identifier>],
          ]}
        />
        <Facts
          columns={1}
          facts={[
            [
              "Details",
              <ScrollArea.Autosize key="details" mah={260}>
                <Code block>{JSON.stringify(details, null, 2)}</Code>
              </ScrollArea.Autosize>,
            ],
            ["Hash of this entry", <Identifier key="hash">{hash}</Identifier>],
            ["Hash of the entry before", <Identifier key="previous">{previousHash}</Identifier>],
          ]}
        />
      </Stack>
    </Modal>
  );
}
