import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  isUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { instantInUtc, isCurrency, isDay } from '#kernel';
import { Spelt } from './field-rules.js';
import { looksGiven } from './numbers.js';

/** The id of an aggregate or of a part of one: a UUID, held in lower case, so that no spelling makes another aggregate. */
export const Id = (): PropertyDecorator =>
  both(Spelt(lowerCase), IsUUID(undefined, { message: '$property must be a UUID' }));

/** A UUID as it is held, in lower case; any other word is left as it is. */
export const oneSpelling = (id: string): string => (isUUID(id) ? id.toLowerCase() : id);

/** At most `max` ids. */
export const Ids = (max: number): PropertyDecorator =>
  both(
    Spelt(lowerCase),
    both(IsArray(), both(ArrayMaxSize(max), IsUUID(undefined, { each: true, message: '$property must be UUIDs' }))),
  );

/** Text of at least one and at most `max` characters, which are not all blank. */
export const Text = (max = 500): PropertyDecorator =>
  both(IsString(), both(Length(1, max), Matches(/\S/, { message: '$property must not be blank' })));

/** A number that a caller has for a record. One that looks as if it were given here could be another record's. */
export const OwnNumber = (): PropertyDecorator =>
  both(
    Text(50),
    ValidateBy({
      name: 'isOwnNumber',
      validator: {
        validate: (value: unknown) => typeof value !== 'string' || !looksGiven(value),
        defaultMessage: () => '$property must not look like L-20261121-000123: leave it out, and it is given',
      },
    }),
  );

/** A stable word of the domain, such as a stage id: no white space, at most 100 characters. */
export const Code = () => Matches(/^\S{1,100}$/, { message: '$property must be a word without white space' });

/** A calendar day that exists: `2026-11-22`. */
export const Day = () =>
  ValidateBy({
    name: 'isDay',
    validator: { validate: ofText(isDay), defaultMessage: () => '$property must be a calendar day such as 2026-11-22' },
  });

/** An ISO 4217 currency code. */
export const Currency = () =>
  ValidateBy({
    name: 'isCurrency',
    validator: { validate: ofText(isCurrency), defaultMessage: () => '$property must be an ISO 4217 code such as CNY' },
  });

/** A moment with its zone, however it is written; the command holds it in UTC, as events do. */
export const Instant = (): PropertyDecorator =>
  both(
    Spelt((value) => (typeof value === 'string' ? (instantInUtc(value) ?? value) : value)),
    ValidateBy({
      name: 'isInstant',
      validator: {
        validate: ofText((text) => instantInUtc(text) === text),
        defaultMessage: () => '$property must be an ISO 8601 instant with a zone, on a day that exists',
      },
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

/** Sums of many amounts must stay numbers that JSON and Postgres carry: ten trillion of a currency with cents. */
const LARGEST_AMOUNT = 1_000_000_000_000_000;

/** An amount in integer minor units of an ISO 4217 currency. */
export class Amount {
  @Whole(-LARGEST_AMOUNT, LARGEST_AMOUNT)
  readonly amount!: number;

  @Currency()
  readonly currency!: string;
}

/** An amount that is never below zero, such as a price. */
export class NonNegativeAmount {
  @Whole(0, LARGEST_AMOUNT)
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

/** A rule about text as a rule about any value. */
function ofText(rule: (text: string) => boolean): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && rule(value);
}

function lowerCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCase);
  return typeof value === 'string' ? oneSpelling(value) : value;
}
