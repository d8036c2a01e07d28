import { Transform, Type } from 'class-transformer';
import {
  IsArray,
  isISO8601,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';

/** The id of an aggregate or of a part of one: a UUID. */
export const Id = () => IsUUID(undefined, { message: '$property must be a UUID' });

/** Text of at least one and at most `max` characters. */
export const Text = (max = 500): PropertyDecorator => both(IsString(), Length(1, max));

/** A stable word of the domain, such as a stage id: no white space, at most 100 characters. */
export const Code = () => Matches(/^\S{1,100}$/, { message: '$property must be a word without white space' });

/** A calendar day that exists: `2026-11-22`. */
export const Day = () =>
  ValidateBy({
    name: 'isDay',
    validator: { validate: isDay, defaultMessage: () => '$property must be a calendar day such as 2026-11-22' },
  });

/** An ISO 4217 currency code. */
export const Currency = () => Matches(/^[A-Z]{3}$/, { message: '$property must be an ISO 4217 code such as CNY' });

/** A moment with its zone, however it is written; the command holds it in UTC, as events do. */
export const Instant = (): PropertyDecorator =>
  both(
    Transform(({ value }: { readonly value: unknown }) => inUtc(value)),
    Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, {
      message: '$property must be an ISO 8601 instant with a zone',
    }),
  );

/** A whole number within bounds; by default any that JSON carries exactly. */
export const Whole = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): PropertyDecorator =>
  both(IsInt(), both(Min(min), Max(max)));

/** A part of a command that has fields of its own. (`ValidateNested` alone lets a missing part pass.) */
export const Part = (type: () => new () => object): PropertyDecorator =>
  both(IsObject(), both(ValidateNested(), Type(type)));

/** A list of parts that have fields of their own. */
export const Parts = (type: () => new () => object): PropertyDecorator =>
  both(IsArray(), both(ValidateNested({ each: true }), Type(type)));

/** An amount in integer minor units of an ISO 4217 currency. */
export class Amount {
  @Whole()
  readonly amount!: number;

  @Currency()
  readonly currency!: string;
}

/** An amount that is never below zero, such as a price. */
export class NonNegativeAmount {
  @Whole(0)
  readonly amount!: number;

  @Currency()
  readonly currency!: string;
}

function both(first: PropertyDecorator, second: PropertyDecorator): PropertyDecorator {
  return (target, key) => {
    first(target, key);
    second(target, key);
  };
}

function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const moment = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function inUtc(value: unknown): unknown {
  if (typeof value !== 'string' || !INSTANT.test(value) || !isISO8601(value, { strict: true })) return value;
  return new Date(value).toISOString();
}
