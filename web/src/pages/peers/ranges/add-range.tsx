import { Button, Group, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { putJoinEuiRangesByFirstByBits } from "../../../api/generated/warren-api.ts";
import { ErrorPanel } from "../../../components/error-panel.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { PEERS_KEY } from "../peer-queries.ts";
import { formatRange, lastOf, parseRange } from "./range-text.ts";

/** Takes a range as a prefix, and shows what it reaches before it is added. */
export function AddRange() {
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [problem, setProblem] = useState<string>();
  const client = useQueryClient();
  const range = parseRange(text);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    if (range === undefined) {
      setProblem("Give 16 hex digits, a slash and the bits of the prefix: 70b3d57ed0000000/40.");
      return;
    }
    setBusy(true);
    try {
      const { first, prefixLengthBits: bits } = range;
      await putJoinEuiRangesByFirstByBits({ first, bits });
      notifyDone(`${formatRange(range)} is served.`);
      setText("");
      await client.invalidateQueries({ queryKey: PEERS_KEY });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const reach =
    range === undefined
      ? "As a prefix, such as 70b3d57ed0000000/40; /64 is one JoinEUI."
      : `From ${range.first} to ${lastOf(range)}.`;
  return (
    <form onSubmit={(event) => void add(event)} noValidate>
      <Group align="flex-end">
        <TextInput
          label="Serve a range of JoinEUIs"
          description={reach}
          placeholder="70b3d57ed0000000/40"
          classNames={{ input: "mono" }}
          w={380}
          maw="100%"
          inputWrapperOrder={["label", "description", "input", "error"]}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value.trim());
            setProblem(undefined);
          }}
          error={problem}
        />
        <Button type="submit" loading={isBusy}>
          Add the range
        </Button>
      </Group>
      {error !== undefined && <ErrorPanel error={error} />}
    </form>
  );
}
