/** The house rules, as tests: who may import whom, nothing is dead, and globals stay in their one home. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
  readonly line: number
}

const sources = ['faults', 'harness', 'reports', 'scenarios'].flatMap((folder) => filesBelow(join(root, folder)))

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return /(?<!\.d)\.ts$/.test(entry.name) ? [relative(root, path)] : []
  })
}

function text(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function importsOf(file: string): Import[] {
  const found: Import[] = []
  const pattern = /^\s*(?:import|export)\s+(type\s)?(?:[^'"();]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gms
  const source = text(file)
  for (const match of source.matchAll(pattern)) {
    const specifier = match[2] ?? match[3] ?? ''
    found.push({ specifier, typeOnly: match[1] !== undefined, line: source.slice(0, match.index).split('\n').length })
  }
  return found
}

/** Where a relative import leads, as a path from the root; packages stay as they are. */
function target(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return relative(root, join(root, dirname(file), specifier)).replace(/\.js$/, '.ts')
}

const entries = ['index', 'library', 'define', 'vitest', 'register'].map((name) => `harness/${name}.ts`)

/** The part of the house that a file belongs to. */
function room(file: string): string {
  if (entries.includes(file)) return 'entries'
  const [top, second] = file.split('/')
  if (top !== 'harness') return top ?? ''
  return second?.endsWith('.ts') ? 'contracts' : `harness/${second}`
}

const siblings = ['harness/world', 'harness/model', 'harness/providers', 'harness/transports', 'harness/invariants']
const phases = ['harness/run', 'harness/explore', 'harness/measure']
const below = (...rooms: string[]) => new Set(['faults', 'contracts', ...rooms])

/** Which rooms a room may import from, beside itself. */
const mayImport: Record<string, ReadonlySet<string>> = {
  faults: new Set(),
  contracts: below(),
  ...Object.fromEntries(siblings.map((sibling) => [sibling, below()])),
  'harness/run': below(...siblings),
  'harness/explore': below(...siblings, 'harness/run'),
  'harness/measure': below(...siblings, 'harness/run'),
  'harness/campaign': below(...siblings, ...phases),
  'harness/selftest': below(...siblings, ...phases, 'harness/campaign'),
  entries: below(...siblings, ...phases, 'harness/campaign', 'reports'),
  'harness/cli': below(...siblings, ...phases, 'harness/campaign', 'harness/selftest', 'reports', 'entries'),
  reports: below(),
  scenarios: new Set(),
}

describe('the house', () => {
  it('lets every room import only from the rooms below it', () => {
    const broken = sources.flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const to = target(file, specifier)
        if (!specifier.startsWith('.')) return []
        const [from, into] = [room(file), room(to)]
        const fine = from === into || mayImport[from]?.has(into)
        return fine ? [] : [`${file}:${line}: ${from} may not import from ${into} (${specifier})`]
      }),
    )
    expect(broken).toEqual([])
  })

  it('lets reports take no more than types from the harness and the faults', () => {
    const broken = sources
      .filter((file) => file.startsWith('reports/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier, typeOnly }) => /^(harness|faults)\//.test(target(file, specifier)) && !typeOnly)
          .map(({ specifier, line }) => `${file}:${line}: reports may only "import type" from ${specifier}`),
      )
    expect(broken).toEqual([])
  })

  it('keeps the faults free of packages other than fast-check', () => {
    const broken = sources
      .filter((file) => file.startsWith('faults/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => !specifier.startsWith('.') && specifier !== 'fast-check')
          .map(({ specifier, line }) => `${file}:${line}: faults may not import ${specifier}`),
      )
    expect(broken).toEqual([])
  })

  it('lets scenarios use the public API alone', () => {
    const broken = sources
      .filter((file) => file.startsWith('scenarios/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => !target(file, specifier).startsWith('scenarios/') && specifier.startsWith('.'))
          .map(({ specifier, line }) => `${file}:${line}: scenarios may not import ${specifier}`),
      )
    expect(broken).toEqual([])
  })

  it('lets scenarios use only packages that whoever has them also has, or is told to install', () => {
    const { dependencies, peerDependencies } = JSON.parse(text('package.json')) as Record<string, object>
    const known = ['agent-chaos', ...Object.keys({ ...dependencies, ...peerDependencies })]
    const broken = sources
      .filter((file) => file.startsWith('scenarios/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => !/^(\.|node:)/.test(specifier))
          .filter(({ specifier }) => !known.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
          .map(({ specifier, line }) => `${file}:${line}: ${specifier} is neither a dependency nor an optional peer`),
      )
    expect(broken).toEqual([])
  })

  it('has no file that nothing imports', () => {
    const imported = new Set(sources.flatMap((file) => importsOf(file).map(({ specifier }) => target(file, specifier))))
    const manifest = JSON.parse(text('package.json')) as {
      exports: Record<string, unknown>
      bin: Record<string, string>
    }
    const published = JSON.stringify([manifest.exports, manifest.bin, text('package.json')])
    const isEntry = (file: string) =>
      published.includes(`dist/${file.replace(/\.ts$/, '.js')}`) ||
      file.endsWith('.chaos.ts') ||
      // The selftest finds these by their folder.
      /^scenarios\/(planted|correct)\/[^/]+\.ts$/.test(file) ||
      file === 'harness/run/worker.ts'
    expect(sources.filter((file) => !imported.has(file) && !isEntry(file))).toEqual([])
  })

  it.each([
    // The command line tells how long a run took; everything else lives in virtual time.
    // Agents are users' code; the watchdog and the report's timing go by real time.
    [
      'chance and monotonic time',
      /\b(Math\.random|performance\.now|crypto\.randomUUID)\(/,
      /^(harness\/(world|cli)|scenarios)\//,
    ],
    [
      'wall time and timers',
      /\b(Date\.now\(|new Date\(|(?<!\.)set(Timeout|Interval)\()/,
      /^(harness\/(world|cli)\/|harness\/run\/(worker-process|processes)\.ts$|harness\/(campaign\/run|selftest\/selftest)\.ts$|scenarios\/)/,
    ],
    ['the network', /(?<![.#\w])fetch\(/, /^(harness\/world|scenarios)\//],
  ])('keeps %s in their one home', (_what, banned, home) => {
    const broken = sources
      .filter((file) => !home.test(file))
      .flatMap((file) =>
        text(file)
          .split('\n')
          .flatMap((line, index) => (banned.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
      )
    expect(broken).toEqual([])
  })

  it('lets composition roots alone import a catalogue', () => {
    const catalogues = ['faults', 'harness/invariants', 'harness/providers', 'reports'].map(
      (room) => `${room}/catalogue.ts`,
    )
    const roots = [
      'harness/cli/main.ts',
      'harness/index.ts',
      'harness/library.ts',
      'harness/register.ts',
      'harness/executors/workers/serve.ts',
      // These publish the catalogue of their room.
      'faults/index.ts',
      'harness/invariants/index.ts',
      'reports/index.ts',
    ]
    const broken = sources
      .filter((file) => !roots.includes(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => catalogues.includes(target(file, specifier)))
          .map(({ specifier, line }) => `${file}:${line}: only a composition root imports ${specifier}`),
      )
    expect(broken).toEqual([])
  })

  it('keeps what is known of one vendor in the room of its provider', () => {
    // Scenarios are agents, and whoever writes an agent knows which model it asks.
    const home = /^(harness\/providers|scenarios)\//
    const known = /\b529\b|toolu_|\bsk-ant|\bclaude|\bgpt-|\bgemini|api\.anthropic|api\.openai|\b(ANTHROPIC|OPENAI)_/i
    const broken = sources
      .filter((file) => !home.test(file))
      .flatMap((file) =>
        text(file)
          .split('\n')
          .flatMap((line, index) => (known.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
      )
    expect(broken).toEqual([])
  })

  it('opens every source file with what it is, or with what it declares', () => {
    const bare = sources.filter((file) => {
      const start = text(file).replace(/^#!.*\n/, '')
      const isMember =
        /^(faults|harness)\/[a-z]+\/[a-z0-9-]+\.ts$/.test(file) && /defineFault\(|Invariant =>/.test(start)
      return !start.startsWith('/**') && !isMember
    })
    expect(bare).toEqual([])
  })

  it('has no drawers', () => {
    expect(sources.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc)(\.ts|\/)/.test(file))).toEqual([])
  })

  it('keeps source files small', () => {
    const long = sources
      .map((file) => [file, text(file).split('\n').length] as const)
      .filter(([, lines]) => lines > 330)
    expect(long).toEqual([])
  })
})
