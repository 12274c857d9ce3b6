export { DevicePage as Component } from "./device-page.tsx";
