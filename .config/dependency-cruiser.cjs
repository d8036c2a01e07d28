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
      comment:
        'Rules see the kernel, events, their own folder and what the whole domain shares; other aggregates only as types. ' +
        'content-hash.ts alone computes SHA-256 with node:crypto: a pure function of its input.',
      severity: 'error',
      from: {
        path: ['^libs/crm/(.+)/', '^libs/crm/[^/]+$'],
        pathNot: [
          '\\.(commands|module|reservations|spec)\\.ts$',
          '^libs/crm/(index|content-hash)\\.ts$',
          '^libs/crm/policies/',
        ],
      },
      to: {
        pathNot: ['^libs/kernel/', '\\.events\\.ts$', '^libs/crm/[a-z-]+\\.ts$', '^libs/crm/$1/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'policies-know-only-events-and-commands',
      comment: 'A policy turns events and due dates into commands; what it looks up is told in policies/index.ts.',
      severity: 'error',
      from: { path: '^libs/crm/policies/.*\\.policy\\.ts$' },
      to: {
        pathNot: ['^libs/kernel/', '\\.(events|commands)\\.ts$', '^libs/crm/[a-z-]+\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'rules-see-commands-only-as-types',
      comment: 'class-validator and Nest never load in a test of a rule.',
      severity: 'error',
      from: {
        path: '^libs/crm/',
        pathNot: ['\\.(commands|module|reservations|spec|policy)\\.ts$', '^libs/crm/(policies/)?index\\.ts$'],
      },
      to: {
        path: ['\\.(commands|module|reservations)\\.ts$', '^libs/crm/index\\.ts$'],
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
      from: { path: '^libs/(kernel|protobuf|event-store|read-store|policies|embedded|import)' },
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
