import { CopyButton, Tooltip, UnstyledButton } from "@mantine/core";

/** A DevEUI, a fingerprint or another text that is read digit by digit: a click copies it. */
export function Identifier({ children }: { readonly children: string }) {
  return (
    <CopyButton value={children}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "copied" : "copy"} withArrow>
          <UnstyledButton
            className="mono"
            fz="inherit"
            onClick={copy}
            aria-label={`Copy ${children}`}
          >
            {children}
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  );
}
