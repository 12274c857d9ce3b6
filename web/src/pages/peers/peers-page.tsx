import { Page } from "../../components/page.tsx";

export function PeersPage() {
  return <Page title="Peers">{null}</Page>;
}
