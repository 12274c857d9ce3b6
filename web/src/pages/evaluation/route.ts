export { EvaluationPage as Component } from "./evaluation-page.tsx";
