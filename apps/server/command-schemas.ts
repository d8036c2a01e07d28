import storage from 'class-transformer/cjs/storage.js';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { isClearable } from '#event-store';
import { commandClasses } from './commands/command-catalogue.js';

export const REF = '#/components/schemas/';

interface Rule {
  readonly target: string | object;
  readonly propertyName: string;
  readonly constraints?: readonly unknown[];
}

/** What the converter does not know by itself: our own rules, and that a bound says nothing of whole or broken. */
const ourRules = {
  min: ({ constraints = [] }: Rule) => ({ minimum: Number(constraints[0]) }),
  max: ({ constraints = [] }: Rule) => ({ maximum: Number(constraints[0]) }),
  isDay: { type: 'string' as const, format: 'date', example: '2026-11-22' },
  isInstant: { type: 'string' as const, format: 'date-time', example: '2026-11-22T09:30:00+08:00' },
  isCurrency: { type: 'string' as const, pattern: '^[A-Z]{3}$', example: 'CNY' },
  isTimeZone: { type: 'string' as const, example: 'Asia/Shanghai' },
  isKeyFieldValue: {
    description: 'An amount for creditLimit, text otherwise.',
    oneOf: [{ type: 'string' as const, minLength: 1, maxLength: 500 }, { $ref: `${REF}NonNegativeAmount` }],
  },
  conditionalValidation: ({ target, propertyName }: Rule) =>
    typeof target !== 'string' && isClearable(target, propertyName)
      ? { nullable: true, description: 'null takes its value away.' }
      : {},
};

const how = {
  classTransformerMetadataStorage: storage.defaultMetadataStorage,
  refPointerPrefix: REF,
  additionalConverters: ourRules,
};

/** The commands and their parts as OpenAPI schemas, made from their classes. */
export const commandSchemas = () => ({
  // One that adds no field to the class that it extends is not among the rest.
  ...Object.fromEntries([...commandClasses].map(([name, command]) => [name, targetConstructorToSchema(command, how)])),
  ...validationMetadatasToSchemas(how),
});
