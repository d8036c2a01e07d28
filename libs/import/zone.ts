import { IANAZone } from 'luxon';
import { z } from 'zod';

/** A time zone by its IANA name. */
export const zone = z
  .string()
  .refine((name) => IANAZone.isValidZone(name), 'expected an IANA time zone such as Asia/Shanghai');
