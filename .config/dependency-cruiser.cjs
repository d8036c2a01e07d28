/** The architecture, as rules. `npm run check` fails on a violation. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'kernel-is-pure',
      comment: 'The kernel is vocabulary: it imports nothing.',
      severity: 'error',
      from: { path: '^libs/kernel', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/kernel' },
    },
    {
      name: 'deciders-are-pure',
      comment: 'Rules see events and the kernel; commands and other aggregates only as types.',
      severity: 'error',
      from: { path: ['^libs/crm/.*\\.(decider|events)\\.ts$', '^libs/crm/field-changes\\.ts$'] },
      to: {
        pathNot: ['^libs/kernel', '^libs/crm/.*\\.events\\.ts$', '^libs/crm/[a-z-]+\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'projections-know-only-events',
      comment: 'A projection reads events; it never sees a decider or a command.',
      severity: 'error',
      from: { path: '^projections' },
      to: { path: '^libs/crm', pathNot: '\\.events\\.ts$' },
    },
    {
      name: 'projections-do-not-write',
      comment: 'The read side never reaches the event store.',
      severity: 'error',
      from: { path: '^projections', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs/event-store|node_modules/@eventstore)' },
    },
    {
      name: 'domain-knows-no-reader',
      severity: 'error',
      from: { path: '^libs' },
      to: { path: '^(projections|apps)/' },
    },
    {
      name: 'generic-libs-have-no-business-word',
      severity: 'error',
      from: { path: '^libs/(kernel|event-store|read-store|embedded)' },
      to: { path: '^libs/crm' },
    },
    {
      name: 'one-event-store-client-path',
      comment: 'Only the adapter knows the client library.',
      severity: 'error',
      from: { pathNot: ['^libs/event-store', '^test', '^apps/event-node'] },
      to: { path: 'node_modules/@eventstore/db-client' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.cjs', '.mjs'],
    },
  },
};
