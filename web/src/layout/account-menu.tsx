import { Button, Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { eventStream } from "../api/events.ts";
import type { ConsoleSession } from "../api/generated/warren-api.ts";
import { signOut } from "../api/session.ts";
import { absoluteTime } from "../components/time.tsx";

export function AccountMenu({ session }: { readonly session: ConsoleSession }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    eventStream.close();
    // A session that is over already is as good as signed out.
    await signOut().catch(() => undefined);
    client.clear();
    await navigate("/sign-in", { replace: true });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" px={{ base: 8, sm: "sm" }}>
          {session.role}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Signed in with the token “{session.name}”</Menu.Label>
        <Menu.Label>until {absoluteTime(session.expiresAt)}</Menu.Label>
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
