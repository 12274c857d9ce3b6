import { Page } from "../../components/page.tsx";

export function NewCampaignPage() {
  return <Page title="New campaign">{null}</Page>;
}
