import { createTheme, type MantineColorsTuple, Modal, Notification } from "@mantine/core";

/** A blue-green with enough contrast on both schemes. */
const warren: MantineColorsTuple = [
  "#e3fafc",
  "#c5f0f5",
  "#99e0ea",
  "#66cddc",
  "#3bb8cb",
  "#1c9fb4",
  "#0f8599",
  "#0b7285",
  "#0a5c6c",
  "#074552",
];

export const theme = createTheme({
  primaryColor: "warren",
  // White on it has enough contrast on both schemes.
  primaryShade: 7,
  autoContrast: true,
  colors: { warren },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        // Its <header> would be a second banner of the page for screen readers.
        attributes: { header: { role: "none" } },
      },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { "aria-label": "Close this message" } },
    }),
  },
});
