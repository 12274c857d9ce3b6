import { Page } from "../../components/page.tsx";

export function TokensPage() {
  return <Page title="API tokens">{null}</Page>;
}
