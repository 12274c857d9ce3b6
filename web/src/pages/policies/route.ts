export { PoliciesPage as Component } from "./policies-page.tsx";
