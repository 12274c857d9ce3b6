import "@mantine/dropzone/styles.css";
import { Button, Code, Stack, Text, TextInput } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { type ClipboardEvent, useRef, useState } from "react";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { readSource, type SourceFile, sourceOfText } from "./source-file.ts";

interface Props {
  readonly onChosen: (source: SourceFile) => void;
}

/** A file that is dropped or chosen, or text that is pasted; of neither anything but name and size is shown. */
export function ChooseFile({ onChosen }: Props) {
  const [error, setError] = useState<unknown>();
  const open = useRef<() => void>(null);
  const take = async (read: () => SourceFile | Promise<SourceFile>) => {
    setError(undefined);
    try {
      onChosen(await read());
    } catch (thrown) {
      setError(thrown);
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    const text = event.clipboardData.getData("text");
    const [file] = event.clipboardData.files;
    if (text.trim() !== "") void take(() => sourceOfText(text));
    else if (file !== undefined) void take(() => readSource(file));
  };
  return (
    <Stack gap="sm">
      <Dropzone
        onDrop={([file]) => void (file !== undefined && take(() => readSource(file)))}
        multiple={false}
        openRef={open}
        activateOnClick={false}
        activateOnKeyboard={false}
        enablePointerEvents
        inputProps={{ "aria-label": "File of devices" }}
      >
        <Stack align="center" gap="xs" py="lg">
          <Text fw={600}>Drop a file of devices here</Text>
          <Button onClick={() => open.current?.()}>Choose a file</Button>
          <Text size="sm" c="dimmed" ta="center">
            CSV or JSON of The Things Stack or ChirpStack, JSON lines of Warren, or a sealed file
            (JWE). Up to 8 MiB; for more use <Code>warren import</Code>.
          </Text>
        </Stack>
      </Dropzone>
      <TextInput
        label="Or paste it"
        description="The text is not shown: it has root keys in it."
        placeholder="Paste here"
        value=""
        onChange={() => undefined}
        onPaste={onPaste}
        autoComplete="off"
        maw={420}
      />
      {error !== undefined && <ErrorPanel error={error} />}
    </Stack>
  );
}
