import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { Page } from "../../components/page.tsx";

export function NotFoundPage() {
  return (
    <Page title="No such page">
      <Text>
        Nothing is at this address.{" "}
        <Anchor component={Link} to="/" underline="always">
          Go to the overview
        </Anchor>
        , or choose a page on the left.
      </Text>
    </Page>
  );
}
