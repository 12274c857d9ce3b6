import { Accordion, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DeviceProfile } from "../../../api/generated/warren-api.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { Panel } from "../../../components/panel.tsx";
import { profilesQuery } from "../policy-queries.ts";
import { DeleteProfileModal } from "./delete-profile-modal.tsx";
import { ownWords } from "./own-words.ts";
import { ProfileDetails } from "./profile-details.tsx";
import { ProfileModal } from "./profile-modal.tsx";

type Asked =
  | { readonly kind: "add" }
  | { readonly kind: "change" | "delete"; readonly profile: DeviceProfile };

/** Devices of one kind, which name their profile. */
export function ProfilesPanel({ mayWrite }: { readonly mayWrite: boolean }) {
  const query = useQuery(profilesQuery);
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  return (
    <Panel
      title="Device profiles"
      about="For devices of one kind; a device names its profile. What a profile does not say is as for all devices."
      actions={
        mayWrite && (
          <Button size="xs" variant="default" onClick={() => setAsked({ kind: "add" })}>
            Add a device profile
          </Button>
        )
      }
    >
      <Loaded query={query} height={120}>
        {(profiles) =>
          profiles.length === 0 ? (
            <Text size="sm">
              There is none: the policy of all devices holds for every device that has none of its
              own.
            </Text>
          ) : (
            <Accordion variant="contained" order={4}>
              {profiles.map((profile) => (
                <Accordion.Item key={profile.name} value={profile.name}>
                  <Accordion.Control>
                    <Text fw={600} className="breakable">
                      {profile.name}
                    </Text>
                    <Text size="sm" c="dimmed" className="breakable">
                      {ownWords(profile.updatePolicy)}
                    </Text>
                  </Accordion.Control>
                  <Accordion.Panel>
                    <ProfileDetails
                      profile={profile}
                      mayWrite={mayWrite}
                      onChange={() => setAsked({ kind: "change", profile })}
                      onDelete={() => setAsked({ kind: "delete", profile })}
                    />
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
            </Accordion>
          )
        }
      </Loaded>
      <ProfileModal
        isOpen={asked?.kind === "add" || asked?.kind === "change"}
        onClose={close}
        profile={asked?.kind === "change" ? asked.profile : undefined}
        names={query.data?.map(({ name }) => name) ?? []}
      />
      {asked?.kind === "delete" && <DeleteProfileModal name={asked.profile.name} onClose={close} />}
    </Panel>
  );
}
