import type { DataOf, Decider } from '#kernel';
import { Refusal } from '#kernel';
import type { SettlingFacts } from '../../reservation.js';
import type * as commands from './portfolio.commands.js';
import type { PortfolioEvent } from './portfolio.events.js';
import { portfolioEvents } from './portfolio.events.js';

export type PortfolioRefusal = 'HOLDING_CAP_REACHED' | 'REASON_REQUIRED';

export type EntityKind = DataOf<PortfolioEvent, 'HoldingAdded'>['entityKind'];

/** One ownership of one record. */
interface Holding {
  readonly entityKind: EntityKind;
  readonly recordId: string;
  readonly visit: number;
}

interface ReservedHolding extends Holding {
  readonly stream: string;
}

export interface Portfolio {
  /** By kind and record. */
  readonly held: Readonly<Record<string, Holding>>;
  /** The last visits that ended, by kind and record: what is told of them once more changes nothing. */
  readonly left: Readonly<Record<string, number>>;
  /** Room set aside, by reservation. */
  readonly reserved: Readonly<Record<string, ReservedHolding>>;
  readonly caps: Partial<Readonly<Record<EntityKind, number>>>;
}

/** Many more than a policy is ever told twice. */
const REMEMBERED_LEFT = 2_000;

/** Portfolio: what one employee holds (LI3). Room that is set aside counts like a holding until it is released. */
export const portfolio: Decider<Portfolio, PortfolioEvent, typeof commands, SettlingFacts> = {
  name: 'portfolio',
  events: portfolioEvents,
  initial: { held: {}, left: {}, reserved: {}, caps: {} },
  idOf: ({ repId }) => repId,
  decide: {
    ReserveHolding: (portfolio, { repId, entityKind, recordId, visit, reservationId, stream, ...command }) => {
      if (isReserved(portfolio, reservationId)) return [];
      const { overridesCap, until } = command;
      const cap = capFor(portfolio, entityKind, command.cap);
      const held = holdings(portfolio, entityKind, recordId);
      if (!overridesCap && cap !== undefined && held >= cap)
        throw refusal('HOLDING_CAP_REACHED', { repId, entityKind, cap, held });
      const room = { repId, entityKind, recordId, visit, reservationId, stream };
      return [{ type: 'HoldingReserved', data: { ...room, cap, held: held + 1, overridesCap, until } }];
    },
    AddHolding: (portfolio, { repId, entityKind, recordId, visit, reservationId }) => {
      if (isNew(portfolio, { entityKind, recordId, visit }))
        return [{ type: 'HoldingAdded', data: { repId, entityKind, recordId, visit, reservationId } }];
      if (!isReserved(portfolio, reservationId)) return [];
      return [{ type: 'HoldingReleased', data: { repId, reservationId } }];
    },
    SettleHolding: (portfolio, { repId, reservationId }, { facts: { happened } }) => {
      const room = portfolio.reserved[reservationId];
      if (room === undefined) return [];
      const { entityKind, recordId, visit } = room;
      if (happened === true && isNew(portfolio, room))
        return [{ type: 'HoldingAdded', data: { repId, entityKind, recordId, visit, reservationId } }];
      return [{ type: 'HoldingReleased', data: { repId, reservationId } }];
    },
    RemoveHolding: ({ held }, { repId, entityKind, recordId, visit }) => {
      const holding = held[keyOf({ entityKind, recordId })];
      if (holding === undefined || holding.visit > visit) return [];
      return [{ type: 'HoldingRemoved', data: { repId, entityKind, recordId, visit } }];
    },
    SetHoldingCap: (portfolio, { repId, entityKind, cap, reason }) => {
      if (portfolio.caps[entityKind] === cap) return [];
      if (reason === undefined) throw refusal('REASON_REQUIRED', { repId });
      return [{ type: 'HoldingCapSet', data: { repId, entityKind, cap } }];
    },
  },
  evolve: {
    HoldingReserved: (portfolio, { entityKind, recordId, visit, reservationId, stream }) => ({
      ...portfolio,
      reserved: { ...portfolio.reserved, [reservationId]: { entityKind, recordId, visit, stream } },
    }),
    HoldingReleased: (portfolio, { reservationId }) => ({
      ...portfolio,
      reserved: without(portfolio.reserved, reservationId),
    }),
    HoldingAdded: (portfolio, { entityKind, recordId, visit, reservationId }) => ({
      ...portfolio,
      held: { ...portfolio.held, [keyOf({ entityKind, recordId })]: { entityKind, recordId, visit } },
      reserved: without(portfolio.reserved, reservationId),
    }),
    HoldingRemoved: (portfolio, { visit, ...record }) => {
      const key = keyOf(record);
      const left = Object.entries({ ...without(portfolio.left, key), [key]: visit }).slice(-REMEMBERED_LEFT);
      return { ...portfolio, held: without(portfolio.held, key), left: Object.fromEntries(left) };
    },
    HoldingCapSet: (portfolio, { entityKind, cap }) => ({
      ...portfolio,
      caps: { ...portfolio.caps, [entityKind]: cap },
    }),
  },
};

/** The employee's own cap goes before that of the pool. */
export const capFor = ({ caps }: Portfolio, entityKind: EntityKind, poolCap: number | undefined): number | undefined =>
  caps[entityKind] ?? poolCap;

const refusal = (code: PortfolioRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<PortfolioRefusal>(code, details);

const keyOf = ({ entityKind, recordId }: Omit<Holding, 'visit'>): string => `${entityKind}-${recordId}`;
const isReserved = ({ reserved }: Portfolio, reservationId: string): boolean => Object.hasOwn(reserved, reservationId);

/** Whether this ownership has not been told of yet; one that has ended already adds nothing. */
function isNew({ held, left }: Portfolio, holding: Holding): boolean {
  const key = keyOf(holding);
  return holding.visit > Math.max(held[key]?.visit ?? 0, left[key] ?? 0);
}

/** How many other records of a kind there are, held or with room set aside. */
function holdings({ held, reserved }: Portfolio, kind: EntityKind, besides: string): number {
  const records = [...Object.values(held), ...Object.values(reserved)]
    .filter(({ entityKind, recordId }) => entityKind === kind && recordId !== besides)
    .map(({ recordId }) => recordId);
  return new Set(records).size;
}

const without = <T>(entries: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key));
