import { Text } from "@mantine/core";
import type { EffectiveUpdatePolicy, UpdatePolicy } from "../../api/generated/warren-api.ts";
import { Facts } from "../../components/facts.tsx";
import { MEMBER_WORDS, memberText, type PolicyMember } from "../../update-policy/policy-words.ts";

interface Props {
  readonly effective: EffectiveUpdatePolicy;
  /** Of a profile: what it says itself; the rest is marked as that of all devices. */
  readonly own?: UpdatePolicy;
}

/** What holds, member by member. */
export function PolicyFacts({ effective, own }: Props) {
  const facts = Object.keys(MEMBER_WORDS).map((name) => {
    const member = name as PolicyMember;
    const isInherited = own !== undefined && own[member] === undefined;
    return [
      MEMBER_WORDS[member].label,
      <span key={member}>
        {memberText(member, effective)}
        {isInherited && (
          <Text span size="sm" c="dimmed">
            {" "}
            (as all devices)
          </Text>
        )}
      </span>,
    ] as const;
  });
  return <Facts facts={facts} />;
}
