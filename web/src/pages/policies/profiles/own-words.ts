import type { UpdatePolicy } from "../../../api/generated/warren-api.ts";
import {
  MEMBER_WORDS,
  memberText,
  type PolicyMember,
} from "../../../update-policy/policy-words.ts";

/** What a level says itself, in a line: `Longest age: 180 days; Events: tampering`. */
export function ownWords(policy: UpdatePolicy): string {
  const said = (Object.keys(MEMBER_WORDS) as PolicyMember[]).flatMap((member) => {
    const text = memberText(member, policy);
    return text === undefined ? [] : [`${MEMBER_WORDS[member].label}: ${text}`];
  });
  return said.join("; ") || "as all devices";
}
