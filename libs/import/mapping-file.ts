import { readFile } from 'node:fs/promises';
import { LineCounter, isNode, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { CannotImport } from './cannot-import.js';
import type { Commands } from './commands.js';
import { mapping } from './mapping.js';
import type { Mapping, MappingProblem } from './mapping.js';
import { problemsOf } from './mapping-problems.js';

/** Reads and checks a mapping file; the error names every place that is wrong and what is expected there. */
export async function readMapping(path: string, commands?: Commands): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new CannotImport(`There is no mapping ${path}`);
  return parseMapping(text, path, commands);
}

/** Checks the text of a mapping. `name` stands before the lines in the messages; `commands` knows what can be sent. */
export function parseMapping(text: string, name: string, commands?: Commands): Mapping {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  const [broken] = document.errors;
  if (broken) throw new CannotImport(`${name}: ${broken.message}`);
  const parsed = mapping.safeParse(plain(document, name));
  const problems = parsed.success ? problemsOf(parsed.data, commands) : parsed.error.issues;
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new CannotImport(problems.map((problem) => told(problem, document, lines, name)).join('\n'));
}

/** @throws CannotImport where an alias refers to nothing, or to so much that it would fill the memory */
function plain(document: Document, name: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new CannotImport(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function told({ path, message }: MappingProblem, document: Document, lines: LineCounter, name: string): string {
  const place = path.map(String).join('.');
  return `${name}:${lineOf(path, document, lines)}: ${place === '' ? '' : `${place}: `}${message}`;
}

/** The line of the nearest place that the file has. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
