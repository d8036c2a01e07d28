import { exitAfter } from './lifecycle.js';
import { runServer } from './run.js';

await exitAfter(runServer);
