import { NativeSelect, PasswordInput, Stack, Switch, TextInput } from "@mantine/core";
import type { FormProblems } from "./check-form.ts";
import type { RouteForm } from "./peer-form.ts";
import { PemField } from "./pem-field.tsx";

interface Props {
  readonly form: RouteForm;
  readonly onChange: (form: RouteForm) => void;
  readonly problems: FormProblems;
}

/** Where a peer takes messages of ours: orders of root key updates, and answers that are asynchronous. */
export function RouteFields({ form, onChange, problems }: Props) {
  const set = (change: Partial<RouteForm>) => onChange({ ...form, ...change });
  return (
    <Stack gap="sm">
      <Switch
        label="It takes messages of this server"
        description="Needed for root key updates and for asynchronous answers."
        checked={form.isWanted}
        onChange={(event) => set({ isWanted: event.currentTarget.checked })}
      />
      {form.isWanted && (
        <>
          <TextInput
            label="Address (URL)"
            description="Without name and password: these go into the Authorization header."
            type="url"
            value={form.url}
            onChange={(event) => set({ url: event.currentTarget.value.trim() })}
            error={problems["url"]}
          />
          <NativeSelect
            label="Version of the Backend Interfaces"
            data={["1.0", "1.1"]}
            value={form.protocolVersion}
            onChange={(event) =>
              set({ protocolVersion: event.currentTarget.value === "1.1" ? "1.1" : "1.0" })
            }
          />
          {form.protocolVersion === "1.1" && (
            <TextInput
              label="SenderNSID"
              classNames={{ input: "mono" }}
              value={form.senderNsId}
              onChange={(event) => set({ senderNsId: event.currentTarget.value.trim() })}
              error={problems["senderNsId"]}
            />
          )}
          <PasswordInput
            label="Authorization header"
            description="The whole value that this server sends, such as Bearer <token>; nobody can read it again."
            autoComplete="off"
            value={form.authorization}
            onChange={(event) => set({ authorization: event.currentTarget.value })}
          />
          <PemField
            label="CA of its listener"
            description="PEM; none: the CAs that the system trusts."
            value={form.ca}
            onChange={(ca) => set({ ca })}
            error={undefined}
          />
        </>
      )}
    </Stack>
  );
}
