/**
 * The table that the house is held to: which rooms there are, from which others each may import, and which packages each
 * may use. A room stands above all that it may import from.
 */

/** Those that users of the package import, and the roots that put the catalogues together. */
export const entries = ['index', 'vitest', 'register'].map((name) => `harness/${name}.ts`)

/** The only files that may know which members there are: all others are handed them. */
export const compositionRoots = [
  'faults/index.ts',
  'harness/cli/process.ts',
  'harness/executors/workers/serve.ts',
  'harness/index.ts',
  'harness/invariants/index.ts',
  'harness/register.ts',
  'reports/index.ts',
]

const ground = ['faults', 'contracts']
/** They stand side by side and never import each other. */
const siblings = ['define', 'sandbox', 'models', 'providers', 'transports', 'invariants']
const around = ['boundaries', 'hosts', 'observe']
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
  transports: room(ground),
  invariants: room(ground),
  'provider-kit': room([...ground, 'transports']),
  boundaries: room([...ground, ...siblings]),
  hosts: room([...ground, 'sandbox']),
  observe: room([...ground, ...siblings], ['@opentelemetry/api']),
  trial: room([...ground, ...siblings, ...around]),
  executors: room([...ground, ...siblings, ...around, 'trial'], ['bullmq', 'get-tsconfig', 'jiti', 'zod']),
  // They know an executor, and never a trial.
  search: room(ground, ['fast-check']),
  measure: room(ground, ['cephes']),
  campaign: room([...ground, 'define', ...phases], ['@secretlint', 'zod']),
  selftest: room([...ground, 'define', ...phases, 'campaign'], ['fast-check']),
  library: room(
    [...ground, ...siblings, ...around, ...phases, 'trial', 'executors', 'campaign', 'reports'],
    ['fast-check'],
  ),
  entries: room([...ground, ...siblings, 'boundaries', 'library', 'reports'], ['vitest']),
  cli: room(
    [...ground, ...siblings, ...phases, 'executors', 'campaign', 'selftest', 'reports', 'entries', 'library'],
    ['chokidar', 'commander', 'tinyglobby'],
  ),
  reports: room(ground, ['d3-scale', 'd3-shape', 'picocolors']),
}

/** The room that a file belongs to. */
export function roomOf(file: string): string {
  if (entries.includes(file)) return 'entries'
  const [top = '', second = ''] = file.split('/')
  return top === 'harness' ? second : top
}
