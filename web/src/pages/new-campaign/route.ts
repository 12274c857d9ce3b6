export { NewCampaignPage as Component } from "./new-campaign-page.tsx";
