/** A JSON object of an OpenAPI document. */
export type JsonObject = Record<string, unknown>;

/**
 * Moves every schema that has a title to `components.schemas` and refers to it there, so that programs
 * made from the document have one type for each.
 *
 * @returns a new document
 */
export function hoistTitledSchemas(document: JsonObject): JsonObject {
  const schemas: JsonObject = {};
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const members = Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, walk(inner)]),
    );
    const { title } = members;
    if (typeof title !== "string" || !isSchema(members)) return members;
    schemas[title] = members;
    return { $ref: `#/components/schemas/${title}` };
  };
  const walked = walk(document) as JsonObject;
  const components = walked["components"] as JsonObject | undefined;
  const known = components?.["schemas"] as JsonObject | undefined;
  return { ...walked, components: { ...components, schemas: { ...known, ...schemas } } };
}

/** The info object of the document has a title too. */
function isSchema(members: JsonObject): boolean {
  return "type" in members || "anyOf" in members || "$ref" in members;
}

/** Gives every operation that wants a token the answer that stands for all refusals. */
export function addProblemAnswers(document: JsonObject, problemRef: string): JsonObject {
  const paths = Object.entries(document["paths"] as Record<string, JsonObject>).map(
    ([path, item]) => {
      const operations = Object.entries(item).map(([method, operation]) => {
        const { responses, ...others } = operation as JsonObject;
        const withProblem = { ...(responses as JsonObject), default: { $ref: problemRef } };
        return [method, { ...others, responses: withProblem }];
      });
      return [path, Object.fromEntries(operations)];
    },
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

/** `PUT /devices/{devEui}/root-keys` as `putDevicesByDevEuiRootKeys`. */
export function operationIdOf(method: string, url: string): string {
  const words = url
    .split("/")
    .filter((part) => part !== "")
    .map((part) => (part.startsWith(":") ? `by-${part.slice(1)}` : part))
    .flatMap((part) => part.split(/[-.]/));
  const camel = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return `${method.toLowerCase()}${camel}`;
}
