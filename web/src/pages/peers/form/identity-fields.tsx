import { PasswordInput, Stack, TextInput } from "@mantine/core";
import { KIND_WORDS } from "../kind-words.ts";
import type { Peer, PeerKind } from "../peer-queries.ts";
import type { FormProblems } from "./check-form.ts";
import type { PeerForm } from "./peer-form.ts";

interface Props {
  readonly kind: PeerKind;
  /** On record; undefined for a new one. */
  readonly peer: Peer | undefined;
  readonly form: PeerForm;
  readonly onChange: (change: Partial<PeerForm>) => void;
  readonly problems: FormProblems;
}

/** Who a peer is, and the KEK that keys for it leave under. */
export function IdentityFields({ kind, peer, form, onChange, problems }: Props) {
  const { idName } = KIND_WORDS[kind];
  return (
    <Stack gap="sm">
      {peer === undefined && (
        <TextInput
          label={idName}
          description={
            kind === "network-server"
              ? "6 hex digits, such as 000013."
              : "The SenderID it asks with."
          }
          classNames={{ input: "mono" }}
          value={form.id}
          onChange={(event) => onChange({ id: event.currentTarget.value.trim() })}
          error={problems["id"]}
          required
          data-autofocus
        />
      )}
      <TextInput
        label="Label of the KEK"
        description={`Its name at both ends; the ${idName} when left out.`}
        value={form.kekLabel}
        onChange={(event) => onChange({ kekLabel: event.currentTarget.value })}
      />
      <PasswordInput
        label={peer === undefined ? "KEK" : "New KEK"}
        description={
          peer === undefined
            ? "AES key of 32, 48 or 64 hex digits that keys for this peer are wrapped under; each peer needs one of its own. Nobody can read it again."
            : `Leave it empty to keep the one with the fingerprint ${peer.kekFingerprint}.`
        }
        autoComplete="off"
        value={form.kek}
        onChange={(event) => onChange({ kek: event.currentTarget.value.trim() })}
        error={problems["kek"]}
        required={peer === undefined}
      />
    </Stack>
  );
}
