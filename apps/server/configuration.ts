import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CannotStart } from '#embedded';
import { type MasterKeys, readConnectionString } from '#event-store';
import { LEASE_MS } from '#read-store';

/** What one program can do; each role scales apart. */
export const roles = ['api', 'projections', 'policies'] as const;
export type Role = (typeof roles)[number];

/** Where the event store and the read models are. */
export interface Stores {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
}

/** What the environment says, read once at start. */
export interface Configuration {
  /** Absent: the program brings its own, the embedded stack. */
  readonly stores: Stores | undefined;
  /** Prefix of every stream and name of the Postgres schemas; one for each tenant. */
  readonly namespace: string;
  readonly host: string;
  readonly port: number;
  /** A port that was asked for must be had; the default one may give way. */
  readonly portIsFixed: boolean;
  readonly roles: readonly Role[];
  readonly reportingZone: string;
  readonly dataFolder: string;
  /** The first wraps, all open; absent: they lie in the file. */
  readonly masterKeys: readonly Buffer[] | undefined;
  readonly masterKeyFile: string;
  readonly maxBodyBytes: number;
  /** How long a server that feeds projections may be silent before another one takes over. */
  readonly projectionLeaseMs: number;
}

/** The configuration once the stores run and the key is known: what the application is made from. */
export interface ApplicationConfiguration extends Configuration {
  readonly stores: Stores;
  readonly openedMasterKeys: MasterKeys;
}

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
};

/** What the adapter would refuse when it is made is told with all else that is wrong. */
function connectionString(url: string, context: z.RefinementCtx<string>): void {
  try {
    readConnectionString(url);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: message.replace(/^EVENTSTORE_URL(?: cannot be used)?: /, '') });
  }
}

const wholeNumber = (from: number, to: number): z.ZodType<number> => {
  const expected = `expected a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d+$/, expected)
    .transform(Number)
    .refine((n) => n >= from && n <= to, expected);
};

const roleList = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum(roles, `expected a comma-separated list of ${roles.join(', ')}`)));

const masterKey = z
  .base64('expected 32 bytes in base64, as `openssl rand -base64 32` prints')
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'expected exactly 32 bytes in base64, as `openssl rand -base64 32` prints');

/** Several keys while one replaces another: the first wraps, all open. */
const masterKeyList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(masterKey));

const environment = z
  .object({
    EVENTSTORE_URL: z.string().superRefine(connectionString).optional(),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\/./, 'expected postgres://user:password@host:port/database')
      .optional(),
    NAMESPACE: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,29}$/, 'expected a lower-case identifier of at most 30 letters, digits and _')
      .optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).optional(),
    ROLES: roleList.default([...roles]),
    REPORTING_ZONE: z
      .string()
      .refine(isTimeZone, 'expected an IANA time zone, for example Europe/Berlin')
      .default('UTC'),
    DATA_FOLDER: z.string().default('./.data'),
    MASTER_KEY: masterKeyList.optional(),
    MASTER_KEY_FILE: z.string().optional(),
    MAX_BODY_BYTES: wholeNumber(1_024, 1_073_741_824).default(1_048_576),
    PROJECTION_LEASE_SECONDS: wholeNumber(1, 300).default(LEASE_MS / 1_000),
  })
  .refine((set) => (set.EVENTSTORE_URL === undefined) === (set.DATABASE_URL === undefined), {
    path: ['EVENTSTORE_URL, DATABASE_URL'],
    error: 'set both, or neither for the embedded stack',
    when: () => true,
  });

/** The configuration, frozen. Every missing or bad variable is named at once; values are not shown, some are secrets. */
export function readConfiguration(variables: NodeJS.ProcessEnv): Configuration {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const { success, data: set, error } = environment.safeParse(given);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `  ${String(path[0])}: ${message}`);
    throw new CannotStart(`The configuration cannot be used:\n${problems.join('\n')}`);
  }
  const dataFolder = resolve(set.DATA_FOLDER);
  return Object.freeze({
    stores: storesOf(set.EVENTSTORE_URL, set.DATABASE_URL),
    namespace: set.NAMESPACE ?? '',
    host: set.HOST,
    port: set.PORT ?? 3000,
    portIsFixed: set.PORT !== undefined,
    roles: Object.freeze(set.ROLES),
    reportingZone: set.REPORTING_ZONE,
    dataFolder,
    masterKeys: set.MASTER_KEY,
    masterKeyFile: set.MASTER_KEY_FILE ?? join(dataFolder, 'master.key'),
    maxBodyBytes: set.MAX_BODY_BYTES,
    projectionLeaseMs: set.PROJECTION_LEASE_SECONDS * 1_000,
  });
}

const storesOf = (eventStoreUrl: string | undefined, databaseUrl: string | undefined): Stores | undefined =>
  eventStoreUrl !== undefined && databaseUrl !== undefined ? Object.freeze({ eventStoreUrl, databaseUrl }) : undefined;
