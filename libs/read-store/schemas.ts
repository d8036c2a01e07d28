import { createHash } from 'node:crypto';
import type { AnyProjection } from '#kernel';

const LONGEST_NAME = 63;

/** The Postgres schemas of one tenant. */
export interface Schemas {
  readonly prefix: string;
  /** Views and functions for analysts. */
  readonly analytics: string;
  /** One view per table, on the living version of its projection. */
  readonly readModels: string;
  /** Checkpoints, versions, dead letters: what a rebuild does not bring back. */
  readonly readStore: string;
  /** The keys of data subjects. */
  readonly keys: string;
}

/** Names the schemas of a tenant; without a namespace they have no prefix. */
export function schemasOf(namespace = ''): Schemas {
  if (!/^([a-z][a-z0-9_]{0,30})?$/.test(namespace))
    throw new Error(`NAMESPACE must be up to 31 of a–z, 0–9 and _, beginning with a letter: ${namespace}`);
  const prefix = namespace === '' ? '' : `${namespace}_`;
  return {
    prefix,
    analytics: `${prefix}analytics`,
    readModels: `${prefix}read_models`,
    readStore: `${prefix}read_store`,
    keys: `${prefix}keys`,
  };
}

/** Eight characters that change with the tables, the personal columns, the events listened to, or the version number of a projection. */
export const fingerprint = ({ name, version = 1, schema, personal = [], on }: AnyProjection): string =>
  createHash('sha256')
    .update(JSON.stringify([name, version, schema.replaceAll('\r\n', '\n'), Object.keys(on).sort(), ...personal]))
    .digest('hex')
    .slice(0, 8);

/** The schema that holds the tables of this version of a projection; an unchanged projection may be built again. */
export function versionSchema(schemas: Schemas, projection: AnyProjection, build = 1): string {
  const schema = `${schemas.prefix}${projection.name}_${fingerprint(projection)}${build === 1 ? '' : `_${build}`}`;
  if (!/^[a-z][a-z0-9_]*$/.test(projection.name) || schema.length > LONGEST_NAME)
    throw new Error(`A projection is named with a–z, 0–9 and _, and ${schema} with at most ${LONGEST_NAME} of them`);
  return schema;
}
