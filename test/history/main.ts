import { untold, writeSample } from './samples.js';
import { allVersions } from './versions.js';

/** `npm run history`: stores a sample of every version of every event that has none; no sample is ever written anew. */
for (const version of untold(allVersions)) console.log(await writeSample(version));
