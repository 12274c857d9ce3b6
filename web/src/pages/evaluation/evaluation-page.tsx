import { Page } from "../../components/page.tsx";

export function EvaluationPage() {
  return <Page title="Evaluation">{null}</Page>;
}
