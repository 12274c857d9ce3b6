export { CampaignPage as Component } from "./campaign-page.tsx";
