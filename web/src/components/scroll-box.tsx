import { Box } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** What is in it, for who reaches it by keyboard. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A wide table scrolls in here, with the arrow keys too, and not the page. */
export function ScrollBox({ label, children }: Props) {
  return (
    <Box component="section" aria-label={label} tabIndex={0} style={{ overflowX: "auto" }}>
      {children}
    </Box>
  );
}
