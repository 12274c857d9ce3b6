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
    // Other things have titles too: the document itself, and examples of problems.
    if (typeof title !== "string" || !("properties" in members)) return members;
    schemas[title] = members;
    return { $ref: `#/components/schemas/${title}` };
  };
  const walked = walk(document) as JsonObject;
  const components = walked["components"] as JsonObject | undefined;
  const known = components?.["schemas"] as JsonObject | undefined;
  return { ...walked, components: { ...components, schemas: { ...known, ...schemas } } };
}

const MEANING_OF_STATUS: Readonly<Record<string, string>> = {
  200: "done",
  201: "created",
  202: "accepted, and under way",
  204: "done; nothing to say",
};

/** Says what each status means, and gives every operation the answer that stands for all refusals. */
export function completeAnswers(document: JsonObject, problemRef: string): JsonObject {
  const paths = Object.entries(document["paths"] as Record<string, JsonObject>).map(
    ([path, item]) => {
      const operations = Object.entries(item).map(([method, operation]) => {
        const { responses, ...others } = operation as JsonObject;
        const described = describeStatuses(responses as Record<string, JsonObject>);
        return [method, { ...others, responses: { ...described, default: { $ref: problemRef } } }];
      });
      return [path, Object.fromEntries(operations)];
    },
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

function describeStatuses(responses: Readonly<Record<string, JsonObject>>): JsonObject {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      { ...response, description: MEANING_OF_STATUS[status] ?? response["description"] },
    ]),
  );
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
