import { Page } from "../../components/page.tsx";

export function CampaignPage() {
  return <Page title="Campaign">{null}</Page>;
}
