/** One field that has not the shape it must have; an empty name means the whole. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** What a schema says of a value, as far as it matters here. */
interface SchemaError {
  readonly issues: readonly {
    readonly path: readonly PropertyKey[];
    readonly message: string;
    /** Names that the schema does not know. */
    readonly keys?: readonly string[];
  }[];
}

/** The problems that a schema found, each under the name that the sender used; `whole` names the value itself. */
export const fieldProblemsIn = ({ issues }: SchemaError, whole = ''): readonly FieldProblem[] =>
  issues.flatMap(({ path, message, keys }) => {
    const field = path.map(String).join('.');
    if (keys === undefined)
      return [{ field: field === '' ? whole : field, problem: message.replace('Invalid input: ', '') }];
    return keys.map((key) => ({ field: field === '' ? key : `${field}.${key}`, problem: 'is not known here' }));
  });
