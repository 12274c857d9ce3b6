/** What the list of devices is held to, on two cores. */
export const LIMITS = {
  /** Two frames of a screen with 60 Hz. */
  frameMedianMs: 34,
  frameP95Ms: 100,
  frameLongestMs: 500,
  firstRowsMs: 1_500,
  /** Of the page with all rows, what nobody refers to any more not counted. */
  heapMB: 150,
  /** Rows in the document: those on the screen, and some more before and after. */
  mostRows: 100,
  filterMs: 1_500,
  /** Looks at every device. */
  searchMs: 5_000,
  /** Of the server for a page of 1,000 devices. */
  pageCpuMs: 100,
} as const;

export type Measured = Readonly<Record<keyof typeof LIMITS, number>>;

/** A line for each limit. */
export function checkLimits(measured: Measured): { text: string; isKept: boolean }[] {
  return Object.entries(LIMITS).map(([name, limit]) => {
    const value = measured[name as keyof Measured];
    const isKept = value <= limit;
    const text = `${name.padEnd(16)}${value.toFixed(1).padStart(10)}  at most ${limit}${isKept ? "" : "  BROKEN"}`;
    return { text, isKept };
  });
}
