import { Page } from "../../components/page.tsx";

export function AuditPage() {
  return <Page title="Audit log">{null}</Page>;
}
