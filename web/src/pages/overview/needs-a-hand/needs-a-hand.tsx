import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Panel } from "../../../components/panel.tsx";
import type { OverviewData } from "../overview-queries.ts";
import { MatterLine } from "./matter-line.tsx";
import { useMatters } from "./use-matters.ts";

const SHOWN_AT_FIRST = 6;

/** What does not go on by itself, the most pressing first: each says what to do and leads there. */
export function NeedsAHand({ overview }: { readonly overview: OverviewData }) {
  const matters = useMatters(overview);
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? matters : matters.slice(0, SHOWN_AT_FIRST);
  const left = matters.length - shown.length;
  return (
    <Panel title="Needs a hand" about="What does not go on by itself, and what to do.">
      {matters.length === 0 ? (
        <Text size="sm">
          <span aria-hidden>✓ </span>Nothing at the moment.
        </Text>
      ) : (
        <Stack gap={0} component="ul" m={0} p={0}>
          {shown.map((matter) => (
            <MatterLine key={matter.key} matter={matter} />
          ))}
        </Stack>
      )}
      {left > 0 && (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setShowsAll(true)}>
          Show {left} more
        </Button>
      )}
    </Panel>
  );
}
