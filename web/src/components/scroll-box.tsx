import { Box } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** What is in it, for who reaches it by keyboard. */
  readonly label: string;
  /** px; a longer table scrolls downwards as well. */
  readonly maxHeight?: number;
  readonly children: ReactNode;
}

/** A wide table scrolls in here, with the arrow keys too, and not the page. */
export function ScrollBox({ label, maxHeight, children }: Props) {
  return (
    <Box
      component="section"
      aria-label={label}
      tabIndex={0}
      style={{ overflow: "auto", maxHeight }}
    >
      {children}
    </Box>
  );
}
