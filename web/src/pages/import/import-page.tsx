import { Alert, Anchor, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useRights } from "../../api/use-rights.ts";
import { Page } from "../../components/page.tsx";
import { Panel } from "../../components/panel.tsx";
import { ChooseFile } from "./choose-file.tsx";
import {
  ImportSettingsForm,
  NO_SETTINGS,
  problemOf,
  type TypedSettings,
} from "./import-settings-form.tsx";
import type { ImportSettings } from "./run/run-import.ts";
import { splitText } from "./run/split-text.ts";
import { type RunState, useImportRun } from "./run/use-import-run.ts";
import { RunPanel } from "./run-panel.tsx";
import type { SourceFile } from "./source-file.ts";
import { type PeerNames, usePeerNames } from "./use-peer-names.ts";

export function ImportPage() {
  const mayImport = useRights()("device:write");
  return (
    <Page
      title="Import"
      about="Adds devices with their root keys from a file of another server or a supplier. A dry run says what would happen before anything is added; a device that is there already is never changed."
    >
      {mayImport ? (
        <Import />
      ) : (
        <Text>Your role may not add devices. Ask an administrator or an operator.</Text>
      )}
    </Page>
  );
}

function Import() {
  const [source, setSource] = useState<SourceFile>();
  const [typed, setTyped] = useState<Partial<TypedSettings>>({});
  const [skipsErrors, setSkipsErrors] = useState(false);
  const peers = usePeerNames();
  const { state, start, stop, forget } = useImportRun();
  const settings = { ...NO_SETTINGS, ...onlyPeers(peers), ...typed };
  const isSound = Object.entries(settings).every(
    ([name, text]) => problemOf(name as keyof TypedSettings, text) === undefined,
  );
  const isRunning = state?.isRunning ?? false;
  const isImported = state !== undefined && !state.isDryRun;
  const run = (file: SourceFile, isDryRun: boolean) =>
    void start({
      parts: splitText(file.text),
      settings: given(settings),
      isDryRun,
      skipsErrors: isDryRun || skipsErrors,
    });
  const choose = (file: SourceFile) => {
    setSource(file);
    if (isSound) run(file, true);
  };
  const putAway = () => {
    forget();
    setSource(undefined);
    setSkipsErrors(false);
  };
  return (
    <Stack>
      <Panel title="File">
        {source === undefined ? (
          <ChooseFile onChosen={choose} />
        ) : (
          <Group justify="space-between">
            <Text className="breakable">
              {source.name}, {Math.max(1, Math.round(source.sizeBytes / 1024)).toLocaleString("en")}{" "}
              KiB
            </Text>
            <Button variant="default" size="xs" onClick={putAway} disabled={isRunning}>
              Another file
            </Button>
          </Group>
        )}
      </Panel>
      {!isImported && (
        <Panel
          title="What the file does not say"
          about="Holds for devices that do not say it themselves."
        >
          <ImportSettingsForm
            settings={settings}
            peers={peers}
            disabled={isRunning}
            onChange={(changed) => {
              setTyped(changed);
              // What was found held for other settings.
              forget();
            }}
          />
          {source !== undefined && !isRunning && (
            <Button
              mt="md"
              variant={state === undefined ? "filled" : "default"}
              disabled={!isSound}
              onClick={() => run(source, true)}
            >
              {state === undefined ? "Dry run" : "Dry run again"}
            </Button>
          )}
        </Panel>
      )}
      {state !== undefined && (
        <RunPanel key={state.isDryRun ? "dry run" : "import"} state={state} onStop={stop} />
      )}
      {source !== undefined && isReady(state) && (
        <Decision
          state={state}
          skipsErrors={skipsErrors}
          onSkipsErrors={setSkipsErrors}
          onImport={() => run(source, false)}
        />
      )}
      {isImported && !isRunning && state.error === undefined && !state.isStopped && (
        <Imported state={state} onAnother={putAway} />
      )}
    </Stack>
  );
}

interface DecisionProps {
  readonly state: RunState;
  readonly skipsErrors: boolean;
  readonly onSkipsErrors: (skips: boolean) => void;
  readonly onImport: () => void;
}

/** After a dry run: whether to import, and what becomes of records with errors. */
function Decision({ state, skipsErrors, onSkipsErrors, onImport }: DecisionProps) {
  const { created = 0, error = 0 } = state.report?.counts ?? {};
  return (
    <Group>
      <Button onClick={onImport} disabled={created === 0 || (error > 0 && !skipsErrors)}>
        Import {created.toLocaleString("en")} {created === 1 ? "device" : "devices"}
      </Button>
      {error > 0 && created > 0 && (
        <Checkbox
          label={`Leave out the ${error.toLocaleString("en")} with an error`}
          checked={skipsErrors}
          onChange={(event) => onSkipsErrors(event.currentTarget.checked)}
        />
      )}
      {created === 0 && (
        <Text size="sm" c="dimmed">
          Nothing in the file is new.
        </Text>
      )}
    </Group>
  );
}

function Imported({
  state,
  onAnother,
}: {
  readonly state: RunState;
  readonly onAnother: () => void;
}) {
  const created = state.report?.counts.created ?? 0;
  return (
    <Alert
      color="green"
      role="status"
      title={`${created.toLocaleString("en")} ${created === 1 ? "device" : "devices"} added`}
    >
      <Group>
        <Anchor component={Link} to="/devices">
          See the devices
        </Anchor>
        <Button variant="default" size="xs" onClick={onAnother}>
          Import another file
        </Button>
      </Group>
    </Alert>
  );
}

/** A dry run that has seen all of the file. */
function isReady(state: RunState | undefined): state is RunState {
  if (state === undefined) return false;
  const { isDryRun, isRunning, isStopped, error, report } = state;
  return isDryRun && !isRunning && !isStopped && error === undefined && report !== undefined;
}

/** Where there is one server of a kind, devices belong to it unless something else is said. */
function onlyPeers({ netIds, asIds }: PeerNames): Partial<TypedSettings> {
  const [homeNetId = "", ...otherNetIds] = netIds;
  const [asId = "", ...otherAsIds] = asIds;
  return {
    ...(otherNetIds.length === 0 && { homeNetId }),
    ...(otherAsIds.length === 0 && { asId }),
  };
}

function given(settings: TypedSettings): ImportSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, text]) => text !== ""));
}
