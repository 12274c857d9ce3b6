import { Button, Table, VisuallyHidden } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deleteTokensByTokenId, type Token } from "../../api/generated/warren-api.ts";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { Expiry } from "../../components/expiry.tsx";
import { Identifier } from "../../components/identifier.tsx";
import { notifyDone } from "../../components/notify.ts";
import { ScrollBox } from "../../components/scroll-box.tsx";
import { absoluteTime } from "../../components/time.tsx";
import { tokensQuery } from "./token-queries.ts";

interface Props {
  readonly tokens: readonly Token[];
  readonly mayManage: boolean;
}

export function TokenTable({ tokens, mayManage }: Props) {
  const client = useQueryClient();
  const [revoked, setRevoked] = useState<Token>();
  const [isRevoking, setRevoking] = useState(false);
  const ask = (token: Token) => {
    setRevoked(token);
    setRevoking(true);
  };
  const revoke = async (token: Token) => {
    await deleteTokensByTokenId({ tokenId: token.id });
    notifyDone(`The token “${token.name}” is revoked.`);
    await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
  };
  return (
    <>
      <ScrollBox label="API tokens">
        <Table highlightOnHover miw={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Name</Table.Th>
              <Table.Th scope="col">Role</Table.Th>
              <Table.Th scope="col">Made</Table.Th>
              <Table.Th scope="col">Expires</Table.Th>
              <Table.Th scope="col">In the audit log</Table.Th>
              {mayManage && <Table.Th scope="col">Actions</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tokens.map((token) => (
              <Table.Tr key={token.id}>
                <Table.Th scope="row">{token.name}</Table.Th>
                <Table.Td>{token.role}</Table.Td>
                <Table.Td>
                  <time dateTime={token.createdAt}>{absoluteTime(token.createdAt)}</time>
                </Table.Td>
                <Table.Td>
                  <Expiry at={token.expiresAt} />
                </Table.Td>
                <Table.Td>
                  <Identifier>{`token:${token.id}`}</Identifier>
                </Table.Td>
                {mayManage && (
                  <Table.Td>
                    <Button size="xs" variant="light" color="red" onClick={() => ask(token)}>
                      Revoke<VisuallyHidden> {token.name}</VisuallyHidden>
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {revoked !== undefined && (
        <ConfirmModal
          isOpen={isRevoking}
          onClose={() => setRevoking(false)}
          title={`Revoke the token “${revoked.name}”?`}
          action={`Revoke ${revoked.name}`}
          onConfirm={() => revoke(revoked)}
        >
          Whoever uses it, as {revoked.role}, is refused from now on, and signed out of the console.
          This cannot be undone; a new token can be made.
        </ConfirmModal>
      )}
    </>
  );
}
