import { Anchor, Box, Table } from "@mantine/core";
import { Link } from "react-router";
import { formatCount } from "../quantities/numbers.ts";
import classes from "./bar-list.module.css";

export interface Bar {
  readonly label: string;
  readonly count: number;
  /** Where those that are counted are listed. */
  readonly to?: string;
  /** What the label means, in a few words. */
  readonly hint?: string;
}

interface Props {
  /** What is counted, for who does not see the heading: `Devices by generation`. */
  readonly label: string;
  /** Heading of the first column. */
  readonly heading: string;
  readonly bars: readonly Bar[];
  /** What a full bar is; else the largest count. */
  readonly total?: number;
}

/** Counts side by side: a table whose numbers are drawn as well. */
export function BarList({ label, heading, bars, total }: Props) {
  const full = total ?? Math.max(1, ...bars.map(({ count }) => count));
  return (
    <Table aria-label={label} withRowBorders={false} verticalSpacing={4} horizontalSpacing={0}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" className={classes["heading"]}>
            {heading}
          </Table.Th>
          <Table.Th scope="col" className={`${classes["heading"]} numeric`}>
            Devices
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {bars.map((bar) => (
          <Table.Tr key={bar.label}>
            <Table.Th scope="row" fw={400} w="100%">
              <BarLabel bar={bar} />
              <Box className={classes["track"]} aria-hidden>
                <Box className={classes["bar"]} w={`${widthOf(bar.count, full)}%`} />
              </Box>
            </Table.Th>
            <Table.Td className="numeric" pl="md" fw={600}>
              {formatCount(bar.count)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function BarLabel({ bar: { label, to, hint } }: { readonly bar: Bar }) {
  return (
    <>
      {to === undefined ? (
        label
      ) : (
        <Anchor component={Link} to={to} size="sm" underline="always">
          {label}
        </Anchor>
      )}
      {hint !== undefined && <span className={classes["hint"]}> {hint}</span>}
    </>
  );
}

/** In percent; what is there at all is seen. */
function widthOf(count: number, full: number): number {
  return count === 0 ? 0 : Math.max(0.7, Math.min(100, (100 * count) / full));
}
