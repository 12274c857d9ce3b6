import { Page } from "../../components/page.tsx";

export function PoliciesPage() {
  return <Page title="Update policies">{null}</Page>;
}
