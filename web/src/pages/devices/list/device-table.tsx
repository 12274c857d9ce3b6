import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { PHONE_COLUMNS, WIDE_COLUMNS } from "./columns.tsx";
import type { DeviceRow } from "./device-list.ts";
import classes from "./device-table.module.css";
import { DeviceTableHead } from "./device-table-head.tsx";
import { DeviceTableRow } from "./device-table-row.tsx";
import type { Selection } from "./selection.ts";
import type { DeviceListState } from "./use-device-list.ts";
import { useFreshRows } from "./use-fresh-rows.ts";
import { usePlace } from "./use-place.ts";
import { useRowKeys } from "./use-row-keys.ts";

/** Rows drawn beyond those on the screen, so that fast scrolling shows no gap. */
const OVERSCAN = 6;
/** The next page is asked for when so many rows are left. */
const AHEAD = 300;
const ROW_PX = 38;
const PHONE_ROW_PX = 58;
const NO_ROWS: readonly DeviceRow[] = [];

interface Props {
  readonly state: DeviceListState;
  /** Undefined where devices cannot be chosen. */
  readonly selection: Selection | undefined;
  /** Whose place is kept. */
  readonly name: string;
}

/** All devices in a box that scrolls; only the rows on the screen are drawn. */
export function DeviceTable({ state, selection, name }: Props) {
  const rows = state.list?.rows ?? NO_ROWS;
  const isComplete = state.list?.next === null;
  const box = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery("(max-width: 48em)") ?? false;
  const columns = isPhone ? PHONE_COLUMNS : WIDE_COLUMNS;
  const rowPx = isPhone ? PHONE_ROW_PX : ROW_PX;
  const place = usePlace(name);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.devEui ?? index,
    overscan: OVERSCAN,
    initialOffset: place.initial,
    onChange: ({ scrollOffset }) => place.keep(scrollOffset ?? 0),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => virtualizer.measure(), [virtualizer, rowPx]);

  const items = virtualizer.getVirtualItems();
  const slots = Math.ceil((virtualizer.scrollRect?.height ?? 0) / rowPx) + 1 + 2 * OVERSCAN;
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useMoreRows(state, last);
  useFreshRows({ rows, first, last, isAtRest: !virtualizer.isScrolling }, state.refresh);
  const { active, onKeyDown, onFocus } = useRowKeys({
    box,
    count: rows.length,
    rowPx,
    scrollTo: (index) => virtualizer.scrollToIndex(index),
    toggle: selection?.toggle,
  });
  const tabStop = active >= first && active <= last ? active : first;
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = columns.length + (selection === undefined ? 1 : 2);
  return (
    <div className={classes["box"]} ref={box} aria-busy={state.isLoading}>
      <table
        className={classes["table"]}
        data-phone={isPhone}
        aria-label="Devices"
        // A number that is not known yet is -1.
        aria-rowcount={isComplete ? rows.length + 1 : -1}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        <DeviceTableHead columns={columns} isPhone={isPhone} selection={selection} />
        <tbody>
          <Spacer height={before} width={width} />
          {items.map(({ index }) => (
            <DeviceTableRow
              // As many keys as rows are drawn at most: the elements of one that leaves are those of the
              // next one that comes, since to make others is most of the work of a frame.
              key={index % slots}
              row={rows[index]}
              index={index}
              isPhone={isPhone}
              isTabStop={index === tabStop}
              isChosen={selection && isChosen(selection, rows[index])}
              isFixed={selection?.isAllMatching ?? false}
              onToggle={selection?.toggle}
            />
          ))}
          <Spacer height={after} width={width} />
        </tbody>
      </table>
    </div>
  );
}

/** Asks for the next page in time, and for one more where a page of a search had no match. */
function useMoreRows({ list, isLoading, error, loadMore }: DeviceListState, last: number): void {
  const isNeeded = typeof list?.next === "string" && last >= list.rows.length - AHEAD;
  useEffect(() => {
    if (isNeeded && !isLoading && !error) loadMore();
  }, [isNeeded, isLoading, error, loadMore]);
}

/** Stands for the rows that are not drawn. */
function Spacer({ height, width }: { readonly height: number; readonly width: number }) {
  if (height <= 0) return null;
  return (
    <tr className={classes["spacer"]} aria-hidden style={{ height }}>
      <td colSpan={width} />
    </tr>
  );
}

function isChosen({ devEuis, isAllMatching }: Selection, row: DeviceRow | undefined): boolean {
  return isAllMatching || (row !== undefined && devEuis.has(row.devEui));
}
