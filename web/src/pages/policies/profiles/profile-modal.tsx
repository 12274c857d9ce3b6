import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type DeviceProfile,
  putDeviceProfilesByName,
  type UpdatePolicy,
} from "../../../api/generated/warren-api.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { notifyDone } from "../../../components/notify.ts";
import { PolicyEditor } from "../editor/policy-editor.tsx";
import { PolicyModal } from "../editor/policy-modal.tsx";
import { allDevicesQuery, usePoliciesChanged } from "../policy-queries.ts";

interface Props {
  /** To change; undefined for a new one. */
  readonly profile: DeviceProfile | undefined;
  /** Of the profiles there are, so that a new one does not take the place of another unseen. */
  readonly names: readonly string[];
  readonly onClose: () => void;
}

export function ProfileModal({ isOpen, ...props }: Props & { readonly isOpen: boolean }) {
  const { profile, onClose } = props;
  const title = profile === undefined ? "New device profile" : `Device profile ${profile.name}`;
  return (
    <PolicyModal title={title} isOpen={isOpen} onClose={onClose}>
      <ProfileForm {...props} />
    </PolicyModal>
  );
}

function ProfileForm({ profile, names, onClose }: Props) {
  const [name, setName] = useState(profile?.name ?? "");
  const [description, setDescription] = useState(profile?.description ?? "");
  const allDevices = useQuery(allDevicesQuery);
  const changed = usePoliciesChanged();
  const isTaken = profile === undefined && names.includes(name.trim());
  const save = async (updatePolicy: UpdatePolicy) => {
    const body = { description: description.trim(), updatePolicy };
    await putDeviceProfilesByName({ name: name.trim(), body });
    changed();
    notifyDone(`The device profile ${name.trim()} is set.`);
    onClose();
  };
  return (
    <Loaded query={allDevices} height={400}>
      {({ effective }) => (
        <PolicyEditor
          level="device-profile"
          policy={profile?.updatePolicy ?? {}}
          weaker={effective}
          onSave={save}
          onCancel={onClose}
          isBlocked={name.trim() === "" || isTaken}
        >
          <TextInput
            label="Name"
            description="As devices name it, such as door-locks."
            required
            maxLength={64}
            value={name}
            disabled={profile !== undefined}
            error={
              isTaken
                ? "There is one of this name: change that one, or take another name."
                : undefined
            }
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Description"
            description="For people."
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
        </PolicyEditor>
      )}
    </Loaded>
  );
}
