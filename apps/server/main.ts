import { exitAfter, runServer } from './run.js';

await exitAfter(runServer);
