import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import type { HttpApp } from "../../http-app.ts";

/**
 * Answers leave as they are, and one that is not what its schema (and so the OpenAPI document) says is
 * logged as a defect: dropping or refusing it would not undo what the request has done.
 */
export function checkAnswers(scope: HttpApp): void {
  scope.setSerializerCompiler(({ schema, method, url, httpStatus }) => {
    let check: Validator | undefined;
    return (data) => {
      check ??= Compile(schema as TSchema);
      if (!check.Check(data)) {
        const [first] = check.Errors(data);
        scope.log.error(
          { event: "defect", method, route: url, httpStatus, at: first?.instancePath },
          `an answer is not as documented: ${first?.message}`,
        );
      }
      return JSON.stringify(data);
    };
  });
}
