/** Its kind and a keyed hash: `registrationNumber-3f2c…`, as which nobody can read or guess it (PR4). */
export const identityOf = (kind: string, text: string, fingerprint: (text: string) => string): string =>
  `${kind}-${fingerprint(`${kind}/${text}`)}`;

/** Which of a record's fields it is. */
export const kindOf = (identityId: string): string => identityId.slice(0, identityId.indexOf('-'));
