import { PasswordInput, Radio, Stack, TagsInput } from "@mantine/core";
import type { FormProblems } from "./check-form.ts";
import type { AuthenticationForm, AuthenticationKind } from "./peer-form.ts";
import { PemField } from "./pem-field.tsx";

const KINDS: readonly { value: AuthenticationKind; label: string; about: string }[] = [
  {
    value: "mutual-tls",
    label: "Client certificate (mutual TLS)",
    about: "For servers elsewhere; the safest.",
  },
  { value: "bearer", label: "Bearer token", about: "It sends Authorization: Bearer <token>." },
  {
    value: "loopback",
    label: "This machine (loopback)",
    about: "Whoever asks from this machine, and not through a proxy, is believed.",
  },
];

interface Props {
  readonly form: AuthenticationForm;
  readonly onChange: (form: AuthenticationForm) => void;
  readonly problems: FormProblems;
}

/** How a peer shows that it is who its SenderID says. */
export function AuthenticationFields({ form, onChange, problems }: Props) {
  const set = (change: Partial<AuthenticationForm>) => onChange({ ...form, ...change });
  return (
    <Stack gap="sm">
      <Radio.Group
        label="It shows who it is by"
        value={form.kind}
        onChange={(kind) => set({ kind: kind as AuthenticationKind })}
      >
        <Stack gap={6} mt={6}>
          {KINDS.map(({ value, label, about }) => (
            <Radio key={value} value={value} label={label} description={about} />
          ))}
        </Stack>
      </Radio.Group>
      {form.kind === "bearer" && (
        <PasswordInput
          label="Bearer token"
          description="Only a hash of it is kept; nobody can read it again."
          autoComplete="off"
          value={form.token}
          onChange={(event) => set({ token: event.currentTarget.value })}
          error={problems["token"]}
        />
      )}
      {form.kind === "mutual-tls" && (
        <>
          <PemField
            label="CA of its certificates"
            description="PEM, with the certificates between the CA and its own, if there are any."
            value={form.ca}
            onChange={(ca) => set({ ca })}
            error={problems["authenticationCa"]}
          />
          <TagsInput
            label="Names its certificate may have"
            description="SAN DNS name or common name; none: any. Enter ends one."
            value={form.names}
            onChange={(names) => set({ names })}
            acceptValueOnBlur
          />
          <TagsInput
            label="Certificates it may show, by SHA-256"
            description="None: any that the CA has issued. Enter ends one."
            value={form.certificateSha256}
            onChange={(certificateSha256) => set({ certificateSha256 })}
            acceptValueOnBlur
            error={problems["certificateSha256"]}
          />
        </>
      )}
    </Stack>
  );
}
