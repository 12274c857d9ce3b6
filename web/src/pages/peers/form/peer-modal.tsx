import { Button, Fieldset, Group, Modal, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorPanel } from "../../../components/error-panel.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { KIND_WORDS } from "../kind-words.ts";
import { PEERS_KEY, type Peer, type PeerKind } from "../peer-queries.ts";
import { AuthenticationFields } from "./authentication-fields.tsx";
import { checkForm, type FormProblems } from "./check-form.ts";
import { IdentityFields } from "./identity-fields.tsx";
import { authenticationOf, emptyForm, formOf, type PeerForm, routeOf } from "./peer-form.ts";
import { Replaceable } from "./replaceable.tsx";
import { RouteFields } from "./route-fields.tsx";
import { addPeer, changePeer } from "./save-peer.ts";
import { SettingsFields } from "./settings-fields.tsx";
import { lostOfAuthentication, lostOfRoute } from "./what-is-lost.ts";

interface Props {
  readonly kind: PeerKind;
  /** To be changed; undefined adds one. */
  readonly peer?: Peer;
  readonly onClose: () => void;
}

/** Adds a peer, or changes one. Shown as long as it is rendered, so that no secret outlives it. */
export function PeerModal({ kind, peer, onClose }: Props) {
  const isNew = peer === undefined;
  const { name, aName } = KIND_WORDS[kind];
  const [form, setForm] = useState(() => (isNew ? emptyForm() : formOf(peer)));
  const set = (change: Partial<PeerForm>) => setForm({ ...form, ...change });
  const { submit, problems, error, isBusy } = useSave({ kind, peer, form, onClose });
  const { authentication, route } = form;
  return (
    <Modal
      opened
      onClose={onClose}
      title={isNew ? `Add ${aName}` : `Change ${name} ${peer.id}`}
      size="lg"
      closeOnClickOutside={false}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <IdentityFields kind={kind} peer={peer} form={form} onChange={set} problems={problems} />
          <Replaceable
            legend="Authentication"
            summary={peer?.authentication.kind ?? ""}
            lost={peer && lostOfAuthentication(peer)}
            isReplaced={authentication !== undefined}
            isNew={isNew}
            onReplace={(wants) =>
              set({ authentication: wants && peer ? authenticationOf(peer) : undefined })
            }
          >
            {authentication !== undefined && (
              <AuthenticationFields
                form={authentication}
                onChange={(changed) => set({ authentication: changed })}
                problems={problems}
              />
            )}
          </Replaceable>
          <Replaceable
            legend="Route for messages of this server"
            summary={peer?.route?.url ?? "none"}
            lost={peer && lostOfRoute(peer)}
            isReplaced={route !== undefined}
            isNew={isNew}
            onReplace={(wants) => set({ route: wants && peer ? routeOf(peer) : undefined })}
          >
            {route !== undefined && (
              <RouteFields
                form={route}
                onChange={(changed) => set({ route: changed })}
                problems={problems}
              />
            )}
          </Replaceable>
          <Fieldset legend="Settings">
            <SettingsFields kind={kind} form={form} onChange={set} problems={problems} />
          </Fieldset>
          {error !== undefined && <ErrorPanel error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              {isNew ? `Add the ${name}` : "Save"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface Save extends Pick<Props, "kind" | "peer" | "onClose"> {
  readonly form: PeerForm;
}

function useSave({ kind, peer, form, onClose }: Save) {
  const [problems, setProblems] = useState<FormProblems>({});
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await (peer === undefined ? addPeer(kind, form) : changePeer(peer, form));
      await client.invalidateQueries({ queryKey: PEERS_KEY });
      notifyDone(
        `${KIND_WORDS[kind].name} ${form.id} is ${peer === undefined ? "added" : "changed"}.`,
      );
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = checkForm(form, kind, peer === undefined);
    setProblems(found);
    if (Object.keys(found).length === 0) void save();
    else focusFirstProblem(event.currentTarget);
  };
  return { submit, problems, error, isBusy };
}

/** After the fields have been drawn with what is wrong with them. */
function focusFirstProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
