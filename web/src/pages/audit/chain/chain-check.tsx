import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postReportsAuditChain } from "../../../api/generated/warren-api.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { notifyFailed } from "../../../components/notify.ts";
import { Panel } from "../../../components/panel.tsx";
import { chainQuery } from "../audit-queries.ts";
import { ChainResult } from "./chain-result.tsx";

/** Has the server read the whole log and check each hash. */
export function ChainCheck() {
  const query = useQuery(chainQuery);
  const client = useQueryClient();
  const [isStarting, setStarting] = useState(false);
  const start = async () => {
    setStarting(true);
    try {
      client.setQueryData(chainQuery.queryKey, await postReportsAuditChain());
    } catch (error) {
      notifyFailed("The check did not start", error);
    } finally {
      setStarting(false);
    }
  };
  const isRunning = query.data?.status === "running";
  return (
    <Panel
      title="Is the log as it was written?"
      actions={
        <Button
          variant="default"
          loading={isStarting}
          disabled={isRunning}
          onClick={() => void start()}
        >
          Verify the chain
        </Button>
      }
    >
      <Loaded query={query} height={40}>
        {(report) => <ChainResult report={report} />}
      </Loaded>
    </Panel>
  );
}
