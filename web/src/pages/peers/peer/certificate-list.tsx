import { Stack, Text } from "@mantine/core";
import type { Certificate } from "../../../api/generated/warren-api.ts";
import { Expiry } from "../../../components/expiry.tsx";
import { Identifier } from "../../../components/identifier.tsx";

/** Whose they are, when they expire, and their SHA-256. */
export function CertificateList({
  certificates,
}: {
  readonly certificates: readonly Certificate[];
}) {
  return (
    <Stack gap="xs">
      {certificates.map(({ subject, validTo, sha256 }) => (
        <div key={sha256}>
          {subject}
          <Text component="div" size="xs">
            expires <Expiry at={validTo} />
          </Text>
          <Text component="div" size="xs" c="dimmed">
            SHA-256 <Identifier>{sha256}</Identifier>
          </Text>
        </div>
      ))}
    </Stack>
  );
}
