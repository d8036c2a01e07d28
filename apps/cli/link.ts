import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

// Run after a build: npm links the programs of dependencies but not a project's own, which `npx taizhang` looks for.
// A file that imports the program goes on working when a bare `nest build` replaces it without its executable mode.

const program = join('dist', 'apps', 'cli', 'main.js');
const folder = join('node_modules', '.bin');
const link = join(folder, 'taizhang');

chmodSync(program, 0o755);
mkdirSync(folder, { recursive: true });
rmSync(link, { force: true });
if (process.platform === 'win32') {
  writeFileSync(`${link}.cmd`, `@node "%~dp0\\${relative(folder, program)}" %*\r\n`);
} else {
  writeFileSync(link, `#!/usr/bin/env node\nimport('${relative(folder, program)}');\n`, { mode: 0o755 });
}
