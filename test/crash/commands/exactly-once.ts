import type { LeadEvent } from '#crm/high-sea/lead/lead.events';
import type { RecordedEvent } from '#kernel';
import type { Correction } from './crowd.js';

type Corrected = Extract<RecordedEvent<LeadEvent>, { readonly type: 'LeadProfileCorrected' }>;

const isCorrected = (event: RecordedEvent): event is Corrected => event.type === 'LeadProfileCorrected';

/** Which corrections did not happen exactly once, were answered differently, or were decided of a state that never was. */
export function notExactlyOnce(
  log: readonly RecordedEvent[],
  { corrections }: { readonly corrections: readonly Correction[] },
): readonly string[] {
  const wanted = new Set(corrections.map(({ id }) => id));
  const events = log.filter(isCorrected).filter(({ commandId }) => wanted.has(commandId));
  const byCommand = groupedBy(events, ({ commandId }) => commandId);
  return [
    ...corrections.flatMap((one) => wronglyDone(one, byCommand.get(one.id) ?? [])),
    ...[...groupedBy(events, ({ stream }) => stream).values()].flatMap(brokenChains),
  ];
}

function wronglyDone({ name, answers }: Correction, events: readonly Corrected[]): readonly string[] {
  const [event] = events;
  if (event === undefined || events.length > 1) return [`${name} happened ${events.length} times`];
  const { stream, revision, position, type } = event;
  const truth = { stream, revision: Number(revision), position: String(position.commit), events: [type] };
  const untrue = answers.filter(({ text }) => text !== JSON.stringify(truth));
  const firsts = answers.filter(({ isReplayed }) => !isReplayed).length;
  return [
    ...untrue.map(({ text }) => `${name} was answered ${text}, not ${JSON.stringify(truth)}`),
    ...(firsts > 1 ? [`${name} was answered ${firsts} times as if for the first time`] : []),
  ];
}

/** Each correction tells the value before it: the one that the correction before it gave. */
function brokenChains(events: readonly Corrected[]): readonly string[] {
  const names = events.flatMap(({ data }) => data.changes.map(({ personal }) => personal));
  return names.flatMap((one, index) =>
    one?.old === names[index - 1]?.new ? [] : [`${one?.new ?? '?'} was decided of ${one?.old ?? 'nothing'}`],
  );
}

function groupedBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
