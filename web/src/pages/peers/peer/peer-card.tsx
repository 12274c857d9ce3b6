import { Badge, Card, Group, Title } from "@mantine/core";
import { useId } from "react";
import type { Peer } from "../peer-queries.ts";
import { PeerActions } from "./peer-actions.tsx";
import { PeerFacts } from "./peer-facts.tsx";

interface Props {
  readonly peer: Peer;
  readonly mayWrite: boolean;
}

/** Everything that is on record of one peer, and what can be done with it. */
export function PeerCard({ peer, mayWrite }: Props) {
  const headingId = useId();
  return (
    <Card withBorder component="article" aria-labelledby={headingId} padding="md">
      <Group justify="space-between" mb="sm">
        <Group gap="sm">
          <Title order={3} size="h4" id={headingId} className="mono breakable">
            {peer.id}
          </Title>
          <Badge variant="light" color={peer.isAllowed ? "green" : "red"}>
            {peer.isAllowed ? "allowed" : "refused"}
          </Badge>
        </Group>
        {mayWrite && <PeerActions peer={peer} />}
      </Group>
      <PeerFacts peer={peer} />
    </Card>
  );
}
