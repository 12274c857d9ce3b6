import { Anchor, Badge } from "@mantine/core";
import { Link } from "react-router";
import type { ServerEvent } from "../../../api/events.ts";
import { eventLook } from "../../../components/event-looks.ts";
import { absoluteTime } from "../../../components/time.tsx";
import { detailsOf } from "./event-details.ts";
import classes from "./live-feed.module.css";

/** When, what, to which device or campaign, and the facts that tell one such event from another. */
export function EventLine({ event }: { readonly event: ServerEvent }) {
  const { kind, at, devEui, campaignId, remedy } = event;
  const { label, color } = eventLook(kind);
  return (
    <li className={classes["line"]} title={remedy}>
      <time dateTime={at} className="mono">
        {absoluteTime(at).slice(11)}
      </time>
      <Badge variant="dot" color={color} tt="none" size="md">
        {label}
      </Badge>
      {devEui !== undefined && (
        <Anchor component={Link} to={`/devices/${devEui}`} size="sm" className="mono">
          {devEui}
        </Anchor>
      )}
      {campaignId !== undefined && (
        <Anchor component={Link} to={`/campaigns/${campaignId}`} size="sm">
          {campaignId}
        </Anchor>
      )}
      <span className={classes["detail"]}>{detailsOf(event)}</span>
    </li>
  );
}
