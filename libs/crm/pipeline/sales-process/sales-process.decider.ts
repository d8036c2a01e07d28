import type { DataOf, Decider } from '#kernel';
import { Refusal } from '#kernel';
import { canonicalJson } from '../../content-hash.js';
import type * as commands from './sales-process.commands.js';
import type { SalesProcessEvent } from './sales-process.events.js';
import { salesProcessEvents } from './sales-process.events.js';

export type SalesProcessRefusal =
  | 'PROCESS_UNKNOWN'
  | 'PROCESS_ALREADY_DEFINED'
  | 'PROCESS_VERSION_UNKNOWN'
  | 'PROCESS_VERSION_ALREADY_PUBLISHED'
  | 'PROCESS_VERSION_NOT_NEXT'
  | 'PROCESS_WITHOUT_OPEN_STAGE'
  | 'STAGE_NOT_UNIQUE'
  | 'STAGE_PROBABILITY_CONTRADICTS_KIND'
  | 'EXIT_CRITERION_NOT_UNIQUE';

type Published = DataOf<SalesProcessEvent, 'SalesProcessVersionPublished'>;
export type Stage = Published['stages'][number];

export interface ProcessVersion extends Pick<Published, 'version' | 'rules'> {
  /** In the order of `orderIndex`. */
  readonly stages: readonly Stage[];
  readonly retired: boolean;
}

export type SalesProcess =
  | { readonly status: 'unknown' }
  /** Version n stands at index n − 1: versions are dense. */
  | { readonly status: 'defined'; readonly processId: string; readonly versions: readonly ProcessVersion[] };

/** Sales process 销售流程: stages in published versions; an opportunity keeps the version that it began with (PI8). */
export const salesProcess: Decider<SalesProcess, SalesProcessEvent, typeof commands> = {
  name: 'process',
  events: salesProcessEvents,
  initial: { status: 'unknown' },
  idOf: ({ processId }) => processId,
  decide: {
    DefineSalesProcess: (process, { processId, name }) => {
      if (process.status !== 'unknown') throw refusal('PROCESS_ALREADY_DEFINED', { processId });
      return [{ type: 'SalesProcessDefined', data: { processId, name } }];
    },
    PublishSalesProcessVersion: (process, { processId, version, stages: wanted, rules }) => {
      const { versions } = defined(process, processId);
      const stages = wanted.toSorted((one, other) => one.orderIndex - other.orderIndex);
      const published = versions[version - 1];
      if (published !== undefined) {
        if (canonicalJson([published.stages, published.rules]) === canonicalJson([stages, rules])) return [];
        throw refusal('PROCESS_VERSION_ALREADY_PUBLISHED', { processId, version });
      }
      if (version !== versions.length + 1)
        throw refusal('PROCESS_VERSION_NOT_NEXT', { processId, version, next: versions.length + 1 });
      checkStages(stages);
      return [{ type: 'SalesProcessVersionPublished', data: { processId, version, stages, rules } }];
    },
    RetireSalesProcessVersion: (process, { processId, version }) => {
      const published = defined(process, processId).versions[version - 1];
      if (published === undefined) throw refusal('PROCESS_VERSION_UNKNOWN', { processId, version });
      return published.retired ? [] : [{ type: 'SalesProcessVersionRetired', data: { processId, version } }];
    },
  },
  evolve: {
    SalesProcessDefined: (_, { processId }) => ({ status: 'defined', processId, versions: [] }),
    SalesProcessVersionPublished: (process, { version, stages, rules }) =>
      process.status === 'unknown'
        ? process
        : { ...process, versions: [...process.versions, { version, stages, rules, retired: false }] },
    SalesProcessVersionRetired: (process, { version }) =>
      process.status === 'unknown'
        ? process
        : {
            ...process,
            versions: process.versions.map((each) => (each.version === version ? { ...each, retired: true } : each)),
          },
  },
};

const refusal = (code: SalesProcessRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<SalesProcessRefusal>(code, details);

function defined(process: SalesProcess, processId: string) {
  if (process.status === 'unknown') throw refusal('PROCESS_UNKNOWN', { processId });
  return process;
}

/** Stages are told apart by id and by place, criteria by id in the whole version; a closing is certain. */
function checkStages(stages: readonly Stage[]) {
  const criteria = stages.flatMap(({ exitCriteria }) => exitCriteria.map(({ id }) => id));
  if (!stages.some(({ kind }) => kind === 'open')) throw refusal('PROCESS_WITHOUT_OPEN_STAGE', {});
  const twice = repeated(stages.map(({ id }) => id)) ?? repeated(stages.map(({ orderIndex }) => orderIndex));
  if (twice !== undefined) throw refusal('STAGE_NOT_UNIQUE', { repeated: twice });
  const criterionId = repeated(criteria);
  if (criterionId !== undefined) throw refusal('EXIT_CRITERION_NOT_UNIQUE', { criterionId });
  for (const { id: stageId, kind, probability } of stages) {
    if (kind !== 'open' && probability !== CERTAINTY[kind])
      throw refusal('STAGE_PROBABILITY_CONTRADICTS_KIND', { stageId, kind, probability });
  }
}

const CERTAINTY = { won: 100, lost: 0 };
const repeated = <T>(values: readonly T[]): T | undefined =>
  values.find((value, index) => values.indexOf(value) !== index);
