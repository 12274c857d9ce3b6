import { Checkbox } from "@mantine/core";
import type { Column } from "./columns.tsx";
import type { Selection } from "./selection.ts";

interface Props {
  readonly columns: readonly Column[];
  readonly isPhone: boolean;
  readonly selection: Selection | undefined;
}

/** Widths and headings. */
export function DeviceTableHead({ columns, isPhone, selection }: Props) {
  return (
    <>
      <colgroup>
        {selection !== undefined && <col style={{ width: isPhone ? "2.1rem" : "2.6rem" }} />}
        <col style={{ width: isPhone ? undefined : "11.5rem" }} />
        {columns.map(({ heading, width }) => (
          <col key={heading} style={{ width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {selection !== undefined && (
            <th scope="col">
              <Checkbox
                size="xs"
                aria-label="Choose all that match"
                checked={selection.isAllMatching}
                indeterminate={!selection.isAllMatching && selection.devEuis.size > 0}
                onChange={selection.toggleAll}
              />
            </th>
          )}
          <th scope="col">DevEUI</th>
          {columns.map(({ heading, isNumeric }) => (
            <th key={heading} scope="col" className={isNumeric ? "numeric" : undefined}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}
