export { CampaignsPage as Component } from "./campaigns-page.tsx";
