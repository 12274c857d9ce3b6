import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRights } from "../../api/use-rights.ts";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { NewTokenModal } from "./new-token-modal.tsx";
import { tokensQuery } from "./token-queries.ts";
import { TokenTable } from "./token-table.tsx";

export function TokensPage() {
  const query = useQuery(tokensQuery);
  const mayManage = useRights()("token:manage");
  const [isMaking, setMaking] = useState(false);
  return (
    <Page
      title="API tokens"
      about="One for each person and program, with the least role that will do. The text of a token is shown once, when it is made; the database keeps a hash of it."
      actions={mayManage && <Button onClick={() => setMaking(true)}>Make a token</Button>}
    >
      <Loaded query={query} height={200}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Text>
              No token has been made yet. The one in the file admin-token of the data folder is the
              way in; it is not listed here.
            </Text>
          ) : (
            <TokenTable tokens={tokens} mayManage={mayManage} />
          )
        }
      </Loaded>
      {isMaking && <NewTokenModal onClose={() => setMaking(false)} />}
    </Page>
  );
}
