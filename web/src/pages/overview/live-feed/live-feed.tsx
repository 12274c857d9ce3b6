import { Button, Text } from "@mantine/core";
import { Panel } from "../../../components/panel.tsx";
import { ScrollBox } from "../../../components/scroll-box.tsx";
import { countOf } from "../../../quantities/numbers.ts";
import { EventLine } from "./event-line.tsx";
import classes from "./live-feed.module.css";
import { useRecentEvents } from "./use-recent-events.ts";

/** px: about as high as the charts beside it. */
const HEIGHT = 720;

/** The newest events as they happen; it can be held still to be read. */
export function LiveFeed() {
  const { events, isPaused, missed, togglePause } = useRecentEvents();
  return (
    <Panel
      title="As it happens"
      about="The newest 20 events since you opened this page."
      actions={
        <>
          {isPaused && (
            <Text size="sm" c="dimmed">
              {missed === 0 ? "held" : `${countOf(missed, "newer event")}`}
            </Text>
          )}
          <Button variant="default" size="xs" onClick={togglePause} disabled={events.length === 0}>
            {isPaused ? "Go on" : "Pause"}
          </Button>
        </>
      }
    >
      {events.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing has happened yet. Joins, updates and changes show here at once.
        </Text>
      ) : (
        <ScrollBox label="Newest events first" maxHeight={HEIGHT}>
          <ol className={classes["list"]}>
            {events.map(({ number, event }) => (
              <EventLine key={number} event={event} />
            ))}
          </ol>
        </ScrollBox>
      )}
    </Panel>
  );
}
