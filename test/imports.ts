import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandIssue, CommandOutcome, CommandPort, Commands, Fields, ImportReport, RowReport } from '#import';
import { locateFiles, parseMapping, planImport, runImport } from '#import';

export interface Sent {
  readonly name: string;
  readonly fields: Fields;
  readonly issue: CommandIssue;
}

/** Takes every command once, as the command door does: the same again is a duplicate, another payload differs. */
export class RememberingPort implements CommandPort {
  readonly accepted: Sent[] = [];
  private readonly contents = new Map<string, string>();

  /** `answer` may say otherwise for a command. */
  constructor(private readonly answer: (sent: Sent) => CommandOutcome | undefined = () => undefined) {}

  send(name: string, fields: Fields, issue: CommandIssue): Promise<CommandOutcome> {
    const sent = { name, fields, issue };
    const content = JSON.stringify(sent);
    const before = this.contents.get(issue.commandId);
    if (before !== undefined)
      return Promise.resolve({ outcome: before === content ? 'duplicate' : 'differing', events: 0 });
    const otherwise = this.answer(sent);
    if (otherwise) return Promise.resolve(otherwise);
    this.contents.set(issue.commandId, content);
    this.accepted.push(sent);
    return Promise.resolve({ outcome: 'accepted', events: 1 });
  }

  /** The fields of the accepted commands with this name. */
  fieldsOf(name: string): readonly Fields[] {
    return this.accepted.filter((sent) => sent.name === name).map(({ fields }) => fields);
  }
}

export interface Imported extends ImportReport {
  /** The rows that were rejected or differ. */
  readonly problems: readonly RowReport[];
}

/** Imports files told by name and content with a mapping told as text. */
export async function importFiles(
  mapping: string,
  files: Readonly<Record<string, string | Buffer>>,
  port: CommandPort = new RememberingPort(),
  commands?: Commands,
): Promise<Imported> {
  const folder = await mkdtemp(join(tmpdir(), 'taizhang-import-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const parsed = parseMapping(mapping, 'mapping.yaml', commands);
    const plan = await planImport(parsed, await locateFiles(parsed, [folder]), commands);
    const problems: RowReport[] = [];
    const report = await runImport(plan, port, { onRow: (row) => problems.push(row) });
    return { ...report, problems };
  } finally {
    await rm(folder, { recursive: true });
  }
}
