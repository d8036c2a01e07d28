import { readFileSync } from 'node:fs';

/** The text of an SQL file beside a module: `sqlFile(import.meta.url, './schema.sql')`, from sources and from the build. */
export const sqlFile = (moduleUrl: string, path: string): string => readFileSync(new URL(path, moduleUrl), 'utf8');
