import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { CommandBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { InvalidCommand } from '#event-store';
import { fieldProblemsIn } from '#kernel';
import { problemOf } from '../problem.js';
import { commandFrom } from './command-catalogue.js';
import type { Headers } from './issue.js';
import { actorFrom, isId, NOT_AN_ID } from './issue.js';
import { replyOf } from './outcome.js';

/** One line: the command's name and fields, and the id that makes it idempotent. */
const Line = z.strictObject({
  command: z.string({ error: 'must be the name of a command' }),
  id: z.string().refine(isId, NOT_AN_ID).optional(),
  fields: z.record(z.string(), z.unknown(), { error: 'must be an object with the fields of the command' }),
  correlationId: z.string().refine(isId, NOT_AN_ID).optional(),
});

const LONGEST_LINE = 1_048_576;

/** Runs one command a line and answers one outcome a line; a line that fails does not stop the next. */
export function outcomes(lines: Readable, headers: Headers, bus: CommandBus): Readable {
  const actor = actorFrom(headers, 'POST /commands');
  async function* answers(): AsyncIterable<string> {
    let number = 0;
    // One character a byte until a line is whole: what is not UTF-8 is then one line's problem.
    lines.setEncoding('latin1');
    for await (const line of createInterface({ input: lines, crlfDelay: Infinity })) {
      number++;
      if (line.trim() === '') continue;
      yield `${JSON.stringify({ line: number, ...(await outcome(line)) })}\n`;
    }
  }
  async function outcome(text: string): Promise<object> {
    try {
      const { command, id = randomUUID(), fields, correlationId } = parse(text);
      const result = await bus.execute(commandFrom(command, fields).issuedBy({ commandId: id, actor, correlationId }));
      return { id, outcome: result.duplicate ? 'duplicate' : 'accepted', ...replyOf(result) };
    } catch (error) {
      return { outcome: 'rejected', problem: problemOf(error) };
    }
  }
  return Readable.from(answers());
}

function parse(text: string): z.infer<typeof Line> {
  if (text.length > LONGEST_LINE) throw notALine(`is longer than ${LONGEST_LINE} bytes`);
  const { success, data, error } = Line.safeParse(jsonIn(text));
  if (success) return data;
  throw new InvalidCommand('POST /commands', fieldProblemsIn(error, 'line'));
}

function jsonIn(text: string): unknown {
  const bytes = Buffer.from(text, 'latin1');
  if (!isUtf8(bytes)) throw notALine('is not UTF-8');
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw notALine('is not JSON');
  }
}

const notALine = (problem: string) => new InvalidCommand('POST /commands', [{ field: 'line', problem }]);
