/**
 * The table that the house is held to: which rooms there are, from which others each may import, and which packages each
 * may use. A room stands above all that it may import from.
 */

/** Those that users of the package import, and the roots that put the catalogues together. */
export const entries = ['index', 'library', 'vitest', 'register'].map((name) => `harness/${name}.ts`)

/** The only files that may know which members there are: all others are handed them. */
export const compositionRoots = [
  'faults/index.ts',
  'harness/cli/process.ts',
  'harness/executors/workers/serve.ts',
  'harness/index.ts',
  'harness/invariants/index.ts',
  'harness/library.ts',
  'harness/register.ts',
  'reports/index.ts',
]

const ground = ['faults', 'contracts']
/** They stand side by side and never import each other. */
const siblings = ['define', 'sandbox', 'models', 'providers', 'transports', 'invariants']
const around = ['boundaries', 'observe']
const phases = ['search', 'measure']

interface Room {
  /** Beside itself. */
  readonly imports: readonly string[]
  readonly packages: readonly string[]
}

const room = (imports: readonly string[], packages: readonly string[] = []): Room => ({ imports, packages })

export const rooms: Readonly<Record<string, Room>> = {
  faults: room([], ['fast-check']),
  contracts: room(['faults'], ['leven', 'seedrandom', 'zod']),
  define: room(ground),
  sandbox: room(ground),
  models: room(ground),
  providers: room(ground),
  transports: room(ground, ['nock']),
  invariants: room(ground),
  boundaries: room([...ground, ...siblings]),
  observe: room([...ground, ...siblings], ['@opentelemetry/api']),
  trial: room([...ground, ...siblings, ...around]),
  executors: room([...ground, ...siblings, ...around, 'trial'], ['jiti', 'zod']),
  // They know an executor, and never a trial.
  search: room(ground, ['fast-check']),
  measure: room(ground, ['cephes']),
  campaign: room([...ground, ...phases], ['@secretlint', 'zod']),
  selftest: room([...ground, ...phases, 'campaign'], ['fast-check']),
  entries: room(
    [...ground, ...siblings, ...around, ...phases, 'trial', 'executors', 'campaign', 'reports'],
    ['fast-check', 'vitest'],
  ),
  cli: room(
    [...ground, ...siblings, ...phases, 'executors', 'campaign', 'selftest', 'reports', 'entries'],
    ['chokidar', 'commander', 'jiti', 'tinyglobby'],
  ),
  reports: room(ground, ['d3-scale', 'd3-shape', 'picocolors']),
}

/**
 * Imports that the table forbids and that stand all the same, each until what it needs is handed in. A test fails for one
 * more, and for one that is gone and still listed.
 */
export const debts: readonly (readonly [file: string, into: string])[] = [
  // Until a scenario is handed the catalogues, and a trial its providers.
  ['harness/campaign/replay.ts', 'harness/providers/strays.ts'],
  ['harness/define/define.ts', 'faults/catalogue.ts'],
  ['harness/define/define.ts', 'harness/invariants/catalogue.ts'],
  ['harness/providers/strays.ts', 'harness/providers/catalogue.ts'],
  ['harness/search/baseline.ts', 'harness/invariants/no-invented-success.ts'],
  ['harness/search/baseline.ts', 'harness/providers/strays.ts'],
  ['harness/search/searched.ts', 'harness/providers/strays.ts'],
  ['harness/transports/router.ts', 'harness/boundaries/model/endpoint.ts'],
  ['harness/transports/router.ts', 'harness/providers/strays.ts'],
  ['harness/trial/trial-world.ts', 'harness/providers/catalogue.ts'],
  ['harness/trial/trial.ts', 'harness/providers/catalogue.ts'],
  // Until the commands are handed them too.
  ['harness/cli/options/catalogues.ts', 'faults/catalogue.ts'],
  ['harness/cli/options/help.ts', 'reports/catalogue.ts'],
  ['harness/cli/output/reporters.ts', 'reports/catalogue.ts'],
]

/** The room that a file belongs to. */
export function roomOf(file: string): string {
  if (entries.includes(file)) return 'entries'
  const [top = '', second = ''] = file.split('/')
  return top === 'harness' ? second : top
}
