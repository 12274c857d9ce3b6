import { countOutcomes, OUTCOMES } from "../../evaluation/report/html/outcomes.ts";
import type { ToldTopic } from "../../evaluation/tell-topics.ts";

/** Every finding with its outcome, how many there are of each, and where the report is. */
export function printFindings(topics: readonly ToldTopic[], page: string, isJson: boolean): void {
  const findings = topics.flatMap(({ id, section }) =>
    (section?.findings ?? []).map((finding) => ({ topic: id, ...finding })),
  );
  const failures = topics.flatMap(({ id, failure }) =>
    failure === undefined ? [] : [{ topic: id, failure }],
  );
  if (isJson) {
    const outcomes = Object.fromEntries(countOutcomes(findings));
    console.log(JSON.stringify({ report: page, outcomes, findings, failures }));
    return;
  }
  for (const { outcome, claim } of findings)
    console.log(`${OUTCOMES[outcome].padEnd(18)} ${claim}`);
  for (const { topic, failure } of failures)
    console.log(`${"failed".padEnd(18)} ${topic}: ${failure}`);
  const counts = countOutcomes(findings).map(([outcome, count]) => `${count} ${OUTCOMES[outcome]}`);
  console.log(`\n${[...counts, ...failureCount(failures.length)].join(", ")}\nThe report: ${page}`);
}

function failureCount(count: number): string[] {
  return count === 0 ? [] : [`${count} of the topics failed`];
}
