import { Alert, Code, List, Progress, Stack, Text } from "@mantine/core";
import type { AuditChainReport } from "../../../api/generated/warren-api.ts";
import { Identifier } from "../../../components/identifier.tsx";
import { Time } from "../../../components/time.tsx";

/** How far a check is, or what it has found and what to do about it. */
export function ChainResult({ report }: { readonly report: AuditChainReport }) {
  switch (report.status) {
    case "none":
      return <Text size="sm">Not verified since this server started.</Text>;
    case "running":
      return <Running report={report} />;
    case "failed":
      return (
        <Alert color="orange" variant="light" title="The check did not come to an end" role="alert">
          The log could not be read to its end; the log of the server says why. Mend that and verify
          again.
        </Alert>
      );
    case "done":
      return report.isIntact === true ? <Intact report={report} /> : <Broken report={report} />;
  }
}

function Running({ report: { checked, total } }: { readonly report: AuditChainReport }) {
  const share = total === 0 ? 0 : Math.min(100, (checked / total) * 100);
  return (
    <Stack gap={6}>
      <Progress value={share} aria-label="Entries verified" />
      <Text size="sm" role="status">
        {checked.toLocaleString("en")} of {total.toLocaleString("en")} entries verified
      </Text>
    </Stack>
  );
}

function Intact({ report: { head, checked, endedAt } }: { readonly report: AuditChainReport }) {
  return (
    <Alert color="green" variant="light" title="Intact" role="status">
      <Stack gap={6}>
        <Text size="sm">
          {checked.toLocaleString("en")} entries are as they were written; verified{" "}
          <Time at={endedAt} />.
        </Text>
        {head !== null && head.seq > 0 && (
          <>
            <Text size="sm" className="breakable">
              The head is entry {head.seq}, with the hash <Identifier>{head.hash}</Identifier>
            </Text>
            <Text size="sm">
              Note it elsewhere: somebody who can write to the database could cut off the end or
              write the log anew, and only a noted head shows it. From another machine,{" "}
              <Code>warren audit verify --expect-head {"<hash>"}</Code> compares the two.
            </Text>
          </>
        )}
      </Stack>
    </Alert>
  );
}

function Broken({ report }: { readonly report: AuditChainReport }) {
  const { brokenSeq, problem } = report;
  return (
    <Alert color="red" variant="light" title={`Broken at entry ${brokenSeq}`} role="alert">
      <Stack gap={6}>
        <Text size="sm">
          {problem === null ? "" : `${problem[0]?.toUpperCase()}${problem.slice(1)}. `}The entries
          before it are as they were written; from here on the log cannot be trusted. Warren never
          changes an entry: somebody, or something, wrote to the database without it.
        </Text>
        <List size="sm">
          <List.Item>Make a copy of the database as it is now, before anything else.</List.Item>
          <List.Item>
            Compare entry {brokenSeq} with the log of a backup made before, and find out who could
            write to the database since.
          </List.Item>
          <List.Item>
            Until that is known, take API tokens and peers for suspect: revoke and renew them.
          </List.Item>
        </List>
      </Stack>
    </Alert>
  );
}
