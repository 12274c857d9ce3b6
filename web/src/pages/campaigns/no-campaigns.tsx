import { Anchor, Paper, Text } from "@mantine/core";
import { Link } from "react-router";

export function NoCampaigns({ mayRun }: { readonly mayRun: boolean }) {
  return (
    <Paper withBorder p="xl" ta="center">
      <Text fw={600}>There is no campaign yet</Text>
      <Text size="sm" c="dimmed">
        {mayRun ? (
          <>
            <Anchor component={Link} to="/campaigns/new" inherit underline="always">
              Make one
            </Anchor>
            : you see what it will do before anything starts.
          </>
        ) : (
          "Those who may run campaigns (administrator, operator) make them; their progress is shown here."
        )}
      </Text>
    </Paper>
  );
}
