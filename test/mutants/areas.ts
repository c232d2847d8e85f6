/** What is mutated: the parts that verdicts rest on, each with the files of it and with the tests that know them. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

interface Area {
  /** Files and folders of the build. */
  readonly paths: readonly string[]
  /** Beside the test that stands where the file stands. */
  readonly tests: readonly string[]
}

export const areas = {
  injector: {
    paths: [
      'harness/trial/injector.js',
      'harness/trial/armed.js',
      'harness/trial/chance.js',
      'harness/boundaries/calls',
    ],
    tests: [
      'harness/boundaries/calls',
      'harness/measure/chance',
      'harness/trial/lasting',
      'harness/trial/actions',
      'harness/trial/crash',
    ],
  },
  model: {
    paths: ['harness/models', 'harness/boundaries/model'],
    tests: [
      'harness/models',
      'harness/boundaries/model',
      'harness/trial/actions',
      'harness/trial/crash',
      'harness/trial/sdk',
      'harness/trial/openai',
    ],
  },
  ledger: {
    paths: ['harness/boundaries/effect', 'harness/boundaries/http/idempotency-keys.js', 'harness/trial/trial-world.js'],
    tests: [
      'harness/boundaries/effect',
      'harness/boundaries/http',
      'harness/boundaries/calls',
      'harness/trial/crash',
      'cli/hard-crash',
      'cli/spans',
    ],
  },
  time: {
    paths: [
      'clock',
      'timer',
      'loop',
      'order',
      'sequence',
      'idle',
      'stubs/timers',
      'stubs/timer-promises',
      'stubs/date',
    ].map((name) => `harness/sandbox/${name}.js`),
    tests: [
      'harness/sandbox/clock',
      'harness/sandbox/ambient',
      'harness/sandbox/loop',
      'harness/sandbox/order',
      'harness/trial/connections',
      'cli/background',
    ],
  },
  // What several of them share is known by their tests.
  oracles: { paths: ['harness/invariants'], tests: ['harness/invariants'] },
} as const satisfies Record<string, Area>

export type AreaName = keyof typeof areas

/** No code, or text alone. */
const leftOut = ['catalogue.js', 'index.js']

/** By the names that they have once they are compiled. Throws where a path leads to nothing. */
export function filesOf(area: AreaName): string[] {
  return areas[area].paths
    .flatMap((path) => (path.endsWith('.js') ? [path] : below(path)))
    .filter((path) => !leftOut.some((name) => path.endsWith(`/${name}`)))
    .sort()
}

/** Of the sources: the build has many of them in one file. */
function below(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replace(/\.ts$/, '.js')}`)
  if (files.length === 0) throw new Error(`expected sources in ${folder}, found none`)
  return files
}

/** Test files and folders that know a file of the build, nearest first. */
export function testsOf(area: AreaName, file: string): string[] {
  const own = file.replace(/\.js$/, '')
  const folder = own.slice(0, own.lastIndexOf('/'))
  const near = [own, ...(area === 'oracles' && folder !== 'harness/invariants' ? [folder] : [])]
  return [...new Set([...near, ...areas[area].tests])]
    .map((path) => `test/${path}`)
    .flatMap((path) => [`${path}.test.ts`, path].filter((each) => existsSync(join(root, each))).slice(0, 1))
}
