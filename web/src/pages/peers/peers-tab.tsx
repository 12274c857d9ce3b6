import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRights } from "../../api/use-rights.ts";
import { Loaded } from "../../components/loaded.tsx";
import { PeerModal } from "./form/peer-modal.tsx";
import { KIND_WORDS } from "./kind-words.ts";
import { PeerCard } from "./peer/peer-card.tsx";
import { type Peer, type PeerKind, peersQuery } from "./peer-queries.ts";

/** With so few there is nothing to search in. */
const SEARCH_FROM = 6;

/** The servers of one kind. */
export function PeersTab({ kind }: { readonly kind: PeerKind }) {
  const query = useQuery(peersQuery(kind));
  const mayWrite = useRights()("peer:write");
  const [isOpen, { open, close }] = useDisclosure();
  const [text, setText] = useState("");
  const { name, aName, none } = KIND_WORDS[kind];
  const count = query.data?.length ?? 0;
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        {count < SEARCH_FROM ? (
          <Text size="sm" c="dimmed">
            {count} on record
          </Text>
        ) : (
          <TextInput
            label={`Search ${count} ${name}s`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {mayWrite && <Button onClick={open}>Add {aName}</Button>}
      </Group>
      <Loaded query={query} height={220}>
        {(peers) => (
          <>
            {peers.length === 0 && <Text>{none}</Text>}
            {peers
              .filter((peer) => mentions(peer, text))
              .map((peer) => (
                <PeerCard key={peer.id} peer={peer} mayWrite={mayWrite} />
              ))}
          </>
        )}
      </Loaded>
      {isOpen && <PeerModal kind={kind} onClose={close} />}
    </Stack>
  );
}

function mentions({ id, kekLabel, route, authentication }: Peer, text: string): boolean {
  const words = [
    id,
    kekLabel,
    route?.url ?? "",
    authentication.kind,
    ...(authentication.names ?? []),
  ];
  return words.some((word) => word.toLowerCase().includes(text.trim().toLowerCase()));
}
