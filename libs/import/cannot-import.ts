/** Nothing can be imported as it is: the message tells a person what to put right. */
export class CannotImport extends Error {
  override readonly name = 'CannotImport';
}

/** A row that is not sent: the field (a column or a command field) and what is wrong with it. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';

  constructor(
    readonly field: string | undefined,
    readonly problem: string,
  ) {
    super(problem);
  }
}
