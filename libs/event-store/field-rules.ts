import { Transform } from 'class-transformer';
import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';

type Spelling = (value: unknown) => unknown;
type Test = (instance: object, value: unknown) => boolean;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** What the decorators of one field say. */
interface Rules {
  readonly name: string;
  /** Where one of them does not hold, nothing is checked. */
  readonly conditions: readonly Test[];
  readonly checks: readonly Test[];
  readonly spelling: Spelling | undefined;
}

const spellings = new WeakMap<object, ReadonlyMap<unknown, Spelling>>();

/** Holds a field in one spelling, however it was written. */
export const Spelt =
  (spelling: Spelling): PropertyDecorator =>
  (target, key) => {
    Transform(({ value }: { readonly value: unknown }) => spelling(value))(target, key);
    spellings.set(target, new Map(spellings.get(target)).set(key, spelling));
  };

/**
 * What class-transformer makes of fields that are all known and none of which has fields itself, as it is with most
 * commands; undefined for any others. It searches each value for parts, and takes five times as long.
 */
export function plainInstance<T extends object>(type: new () => T, fields: object): T | undefined {
  const rules = rulesOf(type);
  const instance = new type();
  for (const name in fields) {
    const field = rules.get(name);
    const value: unknown = Reflect.get(fields, name);
    if (field === undefined || isPart(value)) return undefined;
    Reflect.set(instance, name, field.spelling ? field.spelling(value) : value);
  }
  return instance;
}

/**
 * Whether class-validator certainly finds nothing wrong: all fields are known, none has fields itself, and each is as its
 * own rules say. What is wrong, and what is not as simple as that, class-validator tells: it makes a report for each
 * field, right or wrong.
 */
export function isCertainlySound(instance: object): boolean {
  const rules = rulesOf(instance.constructor);
  for (const name in instance) if (!rules.has(name)) return false;
  for (const { name, conditions, checks } of rules.values()) {
    const value: unknown = Reflect.get(instance, name);
    if (isPart(value)) return false;
    if (allHold(conditions, instance, value) && !allHold(checks, instance, value)) return false;
  }
  return rules.size > 0;
}

function allHold(tests: readonly Test[], instance: object, value: unknown): boolean {
  for (const holds of tests) if (!holds(instance, value)) return false;
  return true;
}

const isPart = (value: unknown): boolean =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** The fields that a checked instance of the class may have, in alphabetical order. */
export const fieldNames = (type: object): Iterable<string> => rulesOf(type).keys();

const gathered = new WeakMap<object, ReadonlyMap<string, Rules>>();

/** The rules of a class by field; once it is loaded, they no longer change. */
function rulesOf(type: object): ReadonlyMap<string, Rules> {
  const before = gathered.get(type);
  if (before) return before;
  const rules = typeof type === 'function' ? rulesIn(type) : new Map<string, Rules>();
  gathered.set(type, rules);
  return rules;
}

function rulesIn(type: object & { readonly prototype: unknown }): ReadonlyMap<string, Rules> {
  const storage = getMetadataStorage();
  const byField = storage.groupByPropertyName(
    storage.getTargetValidationMetadatas(type as () => void, '', false, false),
  );
  const names = Object.keys(byField).sort();
  return new Map(
    names.map((name) => {
      const metadata = byField[name] ?? [];
      const conditional = metadata.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
      const others = metadata.filter(({ type }) => type !== ValidationTypes.CONDITIONAL_VALIDATION);
      return [
        name,
        {
          name,
          conditions: conditional.map(conditionIn),
          checks: others.flatMap(checksIn),
          spelling: spellingIn(type.prototype, name),
        },
      ];
    }),
  );
}

const conditionIn = ({ constraints }: Metadata): Test => constraints[0] as Test;

function checksIn(metadata: Metadata): readonly Test[] {
  const { type, propertyName: property, constraintCls, constraints, validateIf } = metadata;
  if (type === ValidationTypes.WHITELIST) return [];
  // What class-validator does in ways of its own, it does itself.
  if (type !== ValidationTypes.CUSTOM_VALIDATION || validateIf !== undefined)
    return [(_, value) => value === undefined];
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance: rule }): Test => (object, value) => {
      const about: ValidationArguments = { value, constraints, property, object, targetName: object.constructor.name };
      return rule.validate(value, about) === true;
    });
}

/** Of the class itself, or of the nearest one above it. */
function spellingIn(prototype: unknown, name: string): Spelling | undefined {
  for (let at = prototype; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at)) {
    const spelling = spellings.get(at)?.get(name);
    if (spelling) return spelling;
  }
  return undefined;
}
