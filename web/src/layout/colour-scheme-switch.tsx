import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

export function ColourSchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "light" ? "dark" : "light";
  return (
    <ActionIcon
      variant="default"
      size={30}
      aria-label={`Use ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <span aria-hidden>{scheme === "light" ? "☾" : "☀"}</span>
    </ActionIcon>
  );
}
