import { memo } from "react";
import { Link } from "react-router";
import { PHONE_COLUMNS, WIDE_COLUMNS } from "./columns.tsx";
import type { DeviceRow } from "./device-list.ts";
import classes from "./device-table.module.css";

interface Props {
  readonly row: DeviceRow | undefined;
  readonly index: number;
  readonly isPhone: boolean;
  /** One row of the table is reached with Tab, the others with the arrow keys. */
  readonly isTabStop: boolean;
  /** Undefined where devices cannot be chosen. */
  readonly isChosen: boolean | undefined;
  /** All are chosen, not this one by itself. */
  readonly isFixed: boolean;
  readonly onToggle: ((index: number, isRange: boolean) => void) | undefined;
}

/** A line of the list; drawn again only when something in it is different. */
export const DeviceTableRow = memo(function DeviceTableRow(props: Props) {
  const { row, index, isPhone, isTabStop, isChosen, isFixed, onToggle } = props;
  if (row === undefined) return null;
  const { devEui, name, isDisabled } = row;
  const tabIndex = isTabStop ? 0 : -1;
  return (
    <tr
      className={classes["row"]}
      data-index={index}
      data-chosen={isChosen === true}
      // The first row is that of the headings.
      aria-rowindex={index + 2}
    >
      {isChosen !== undefined && (
        <td>
          <input
            type="checkbox"
            className={classes["checkbox"]}
            aria-label={`Choose ${devEui}`}
            checked={isChosen}
            disabled={isFixed}
            tabIndex={tabIndex}
            // The event of the change does not say whether shift is held; that of the click does.
            onClick={(event) => onToggle?.(index, event.shiftKey)}
            onChange={() => undefined}
          />
        </td>
      )}
      <td>
        <Link to={`/devices/${devEui}`} className={`mono ${classes["link"]}`} tabIndex={tabIndex}>
          {devEui}
        </Link>
        {isPhone && (
          <div className={classes["name"]}>
            {isDisabled && "disabled, "}
            {name === "" ? "no name" : name}
          </div>
        )}
      </td>
      {(isPhone ? PHONE_COLUMNS : WIDE_COLUMNS).map(({ heading, isNumeric, cell }) => (
        <td key={heading} className={isNumeric ? "numeric" : undefined}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
});
