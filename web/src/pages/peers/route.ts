export { PeersPage as Component } from "./peers-page.tsx";
