import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { postTokens } from "../../api/generated/warren-api.ts";
import { NewTokenForm } from "./new-token-form.tsx";
import { ShownOnce } from "./shown-once.tsx";
import { tokensQuery } from "./token-queries.ts";

type NewToken = Awaited<ReturnType<typeof postTokens>>;

/** Makes a token and shows it once. Its text is nowhere but in this window, and gone when that closes. */
export function NewTokenModal({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<NewToken>();
  const client = useQueryClient();
  const make = async (body: Parameters<typeof postTokens>[0]["body"]) => {
    setMade(await postTokens({ body }));
    await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={made === undefined ? "Make an API token" : `The token “${made.name}”`}
      size="lg"
      closeOnClickOutside={false}
      // A key pressed too much would lose it.
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
    >
      {made === undefined ? (
        <NewTokenForm onMake={make} onCancel={onClose} />
      ) : (
        <ShownOnce text={made.token} onClose={onClose} />
      )}
    </Modal>
  );
}
