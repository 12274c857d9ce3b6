import { Button, Container, Text, Title } from "@mantine/core";
import { useRouteError } from "react-router";
import { messageOf } from "../../api/api-error.ts";

/** When a page cannot be shown at all: most often its file is of an older console than the server. */
export function RouteErrorPage() {
  const error = useRouteError();
  return (
    <Container size="sm" py="xl" role="alert">
      <Title order={1} size="h3">
        This page could not be shown
      </Title>
      <Text my="md">
        Load it again: the server may have been updated since this window was opened. If it stays,
        look at the log of the Join Server.
      </Text>
      <Text c="dimmed" size="sm" my="md">
        {messageOf(error)}
      </Text>
      <Button onClick={() => window.location.reload()}>Load again</Button>
    </Container>
  );
}
