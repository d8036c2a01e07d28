import { writeProjected } from './projected.js';
import { untold, writeSample } from './samples.js';
import { allVersions } from './versions.js';

/** `npm run history`: stores a sample of every version of every event that has none, and what projections make of it; nothing is ever written anew. */
for (const version of untold(allVersions)) console.log(await writeSample(version));
await writeProjected();
