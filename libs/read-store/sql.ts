/** A statement and its values, as `pg` takes them; a value can never become text of the statement. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** ``sql`select * from lead_funnel(${from}, ${to})` ``: every hole becomes a parameter. */
export const sql = (parts: TemplateStringsArray, ...values: readonly unknown[]): Sql => ({
  text: parts.reduce((text, part, index) => `${text}$${index}${part}`),
  values,
});
