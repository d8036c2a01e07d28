import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { unfold } from './symbols.js';

const step = z.record(z.string(), z.unknown());
const recordedCase = z.object({
  name: z.string(),
  why: z.string(),
  steps: z.array(step),
  order: z.union([z.string(), z.array(z.string())]).optional(),
  /** Set when two runs on one server may differ, with the reason. */
  unstable: z.string().optional(),
  /** Needs a second server that it stops and starts. */
  server: z.literal('spare').optional(),
  /** Needs servers of its own. */
  requires: z.literal('control').optional(),
  connection: z.string().optional(),
});
const caseFile = z.object({ recordedOn: z.string(), cases: z.array(recordedCase) });
const exclusion = z.object({ case: z.string(), reason: z.string() });

export type Step = z.infer<typeof step>;
export type RecordedCase = z.infer<typeof recordedCase>;
export type Kind = 'client' | 'wire';

/** `cases` were recorded on a real server; `own` are ours, written after its source where the records are silent. */
const FOLDERS = ['cases', 'own'] as const;

export interface Topic {
  readonly folder: (typeof FOLDERS)[number];
  readonly kind: Kind;
  readonly topic: string;
}

/** The files of cases. */
export const topics = (): Topic[] =>
  FOLDERS.flatMap((folder) =>
    (['client', 'wire'] as const).flatMap((kind) =>
      readdirSync(new URL(`${folder}/${kind}/`, import.meta.url))
        .filter((name) => name.endsWith('.json'))
        .map((name) => ({ folder, kind, topic: name.replace('.json', '') })),
    ),
  );

export const casesOf = ({ folder, kind, topic }: Topic): readonly RecordedCase[] =>
  caseFile.parse(unfold(readJson(`${folder}/${kind}/${topic}.json`))).cases;

/** What the embedded node answers otherwise, and why: `client/…` or `wire/…` and the name of the case. */
export const exclusions = (): ReadonlyMap<string, string> =>
  new Map(
    z
      .array(exclusion)
      .parse(readJson('exclusions.json'))
      .map((one) => [one.case, one.reason]),
  );

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
