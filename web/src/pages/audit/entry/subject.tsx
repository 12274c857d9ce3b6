import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import type { AuditEntry } from "../../../api/generated/warren-api.ts";

/** Nouns of actions whose subject is a DevEUI. */
const OF_DEVICES = ["device", "update", "key", "app-s-key"];

/** What an action was done to, as a link where there is a page of it. */
export function Subject({ entry: { action, subject } }: { readonly entry: AuditEntry }) {
  const noun = action.slice(0, action.indexOf("."));
  if (subject === "") return <Text c="dimmed">–</Text>;
  const page = pageOf(noun, subject);
  if (page === undefined) return <span className="mono">{subject}</span>;
  return (
    <Anchor component={Link} to={page} className="mono" fz="inherit" underline="always">
      {subject}
    </Anchor>
  );
}

function pageOf(noun: string, subject: string): string | undefined {
  if (OF_DEVICES.includes(noun) && /^[0-9a-f]{16}$/.test(subject)) return `/devices/${subject}`;
  if (noun === "campaign") return `/campaigns/${encodeURIComponent(subject)}`;
  if (noun === "token") return "/tokens";
  if (noun === "network-server" || noun === "application-server" || noun === "join-eui-range") {
    return `/peers?tab=${noun}s`;
  }
  return undefined;
}
