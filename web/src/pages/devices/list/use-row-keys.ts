import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";

interface Rows {
  readonly box: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly rowPx: number;
  readonly scrollTo: (index: number) => void;
  /** With the space bar. */
  readonly toggle: ((index: number, isRange: boolean) => void) | undefined;
}

/** Arrow keys from row to row, also to rows that are not drawn yet; each row has `data-index` and a link. */
export function useRowKeys({ box, count, rowPx, scrollTo, toggle }: Rows) {
  const [active, setActive] = useState(0);
  const [wanted, setWanted] = useState<number>();
  useEffect(() => {
    if (wanted === undefined) return leaveOtherRow(box.current, active);
    const link = box.current?.querySelector<HTMLElement>(`[data-index="${wanted}"] a`);
    if (link === null || link === undefined) return;
    link.focus({ preventScroll: true });
    setWanted(undefined);
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const focused = indexOf(event.target);
    if (focused === undefined) return;
    // A key that is held goes on from where the one before leads to.
    const index = wanted ?? focused;
    const pageRows = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowPx) - 2);
    const target = targetOf(event.key, index, { pageRows, end: count - 1 });
    if (target !== undefined) {
      const within = Math.max(0, Math.min(count - 1, target));
      setActive(within);
      setWanted(within);
      scrollTo(within);
    } else if (event.key === " " && !(event.target instanceof HTMLInputElement)) {
      toggle?.(index, event.shiftKey);
    } else {
      return;
    }
    event.preventDefault();
  };
  const onFocus = ({ target }: { readonly target: EventTarget }) => {
    const index = indexOf(target);
    if (index !== undefined) setActive(index);
  };
  return { active, onKeyDown, onFocus };
}

/**
 * Takes the focus away from a row that nobody gave it to: the element that had it is used for another row
 * once its own has left the screen.
 */
function leaveOtherRow(box: HTMLElement | null, active: number): void {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement && box?.contains(activeElement))) return;
  const index = indexOf(activeElement);
  if (index !== undefined && index !== active) activeElement.blur();
}

/** The row that an element is in. */
function indexOf(element: EventTarget): number | undefined {
  const row = (element as HTMLElement).closest<HTMLElement>("[data-index]");
  return row === null ? undefined : Number(row.dataset["index"]);
}

interface Extent {
  readonly pageRows: number;
  readonly end: number;
}

function targetOf(key: string, index: number, { pageRows, end }: Extent): number | undefined {
  switch (key) {
    case "ArrowDown":
      return index + 1;
    case "ArrowUp":
      return index - 1;
    case "PageDown":
      return index + pageRows;
    case "PageUp":
      return index - pageRows;
    case "Home":
      return 0;
    case "End":
      return end;
    default:
      return undefined;
  }
}
