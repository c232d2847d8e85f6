/** The house rules, as tests: who may import whom, nothing is dead, and globals stay in their one home. */
import { describe, expect, it } from 'vitest'
import { circlesIn } from './circles.js'
import { importsOf, sources, target, text } from './imports.js'
import { compositionRoots, roomOf, rooms } from './rooms.js'

/** Every relative import of the package's own files. */
const relatives = sources
  .filter((file) => !file.startsWith('scenarios/'))
  .flatMap((file) =>
    importsOf(file)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier, line }) => ({ file, line, specifier, into: target(file, specifier) })),
  )

function forbidden(): string[] {
  return relatives
    .map((each) => ({ ...each, from: roomOf(each.file), to: roomOf(each.into) }))
    .filter(({ from, to }) => from !== to && !rooms[from]?.imports.includes(to))
    .map(({ file, line, from, to, specifier }) => `${file}:${line}: ${from} may not import from ${to} (${specifier})`)
}

/** What the framework that a scenario is about brings: each has a folder with packages of its own. */
function packagesOfFramework(file: string): string[] {
  const framework = file.match(/^scenarios\/frameworks\/[^/]+(?=\/)/)?.[0]
  if (framework === undefined) return []
  return Object.keys((JSON.parse(text(`${framework}/package.json`)) as { dependencies: object }).dependencies)
}

function strayCatalogues(): string[] {
  return relatives
    .filter(({ file, specifier }) => /\/catalogue\.js$/.test(specifier) && !compositionRoots.includes(file))
    .map(({ file, line, specifier }) => `${file}:${line}: only composition roots may import ${specifier}`)
}

describe('the house', () => {
  it('lets every room import only from the rooms below it', () => {
    expect(forbidden()).toEqual([])
  })

  it('lets composition roots alone import a catalogue', () => {
    expect(strayCatalogues()).toEqual([])
  })

  // Jest's loader of ES modules fails where two modules are loaded at once that share a third.
  it('loads modules one after the other wherever a test runner may be the one that loads', () => {
    const found = sources
      .filter((file) => file.startsWith('harness/') && !file.startsWith('harness/cli/'))
      .filter((file) => /Promise\.all(?:Settled)?\(\s*\[[^\]]*\bimport\(/.test(text(file)))
    expect(found).toEqual([])
  })

  it('has a row in its table for every folder, and a folder for every row', () => {
    const standing = sources.filter((file) => !file.startsWith('scenarios/')).map(roomOf)
    expect([...new Set(standing)].sort()).toEqual(Object.keys(rooms).sort())
  })

  it('gives every room the packages that are its own', () => {
    const broken = sources
      .filter((file) => !file.startsWith('scenarios/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => !/^(\.|node:)/.test(specifier))
          .filter(({ specifier }) => {
            const known = rooms[roomOf(file)]?.packages ?? []
            return !known.some((name) => specifier === name || specifier.startsWith(`${name}/`))
          })
          .map(({ specifier, line }) => `${file}:${line}: ${roomOf(file)} may not use the package ${specifier}`),
      )
    expect(broken).toEqual([])
  })

  it('has no circle of imports, not even of types', () => {
    expect(
      circlesIn(new Map(sources.map((file) => [file, importsOf(file).map((one) => target(file, one.specifier))]))),
    ).toEqual([])
  })

  it('lets reports take no more than types and the total functions of the contracts from the harness and the faults', () => {
    const broken = sources
      .filter((file) => file.startsWith('reports/'))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ typeOnly }) => !typeOnly)
          .filter(({ specifier }) => /^(harness\/(?!contracts\/)|faults\/)/.test(target(file, specifier)))
          .map(({ specifier, line }) => `${file}:${line}: reports may only "import type" from ${specifier}`),
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
    const shipped = ['agent-chaos', ...Object.keys({ ...dependencies, ...peerDependencies })]
    const broken = sources
      .filter((file) => file.startsWith('scenarios/'))
      .flatMap((file) => {
        const known = [...shipped, ...packagesOfFramework(file)]
        return importsOf(file)
          .filter(({ specifier }) => !/^(\.|node:)/.test(specifier))
          .filter(({ specifier }) => !known.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
          .map(({ specifier, line }) => `${file}:${line}: ${specifier} is neither a dependency nor an optional peer`)
      })
    expect(broken).toEqual([])
  })

  it('refuses no project its version of a package that the library itself does not import', () => {
    const { peerDependencies } = JSON.parse(text('package.json')) as { peerDependencies: Record<string, string> }
    const imported = sources
      .filter((file) => !file.startsWith('scenarios/'))
      .flatMap((file) => importsOf(file).map(({ specifier }) => specifier))
    const isImported = (name: string) => imported.some((each) => each === name || each.startsWith(`${name}/`))
    const ranges = Object.entries(peerDependencies)
    expect(ranges.filter(([name]) => isImported(name)).map(([name]) => name)).toEqual([
      '@opentelemetry/api',
      'bullmq',
      'vitest',
    ])
    expect(ranges.filter(([name, range]) => !isImported(name) && range !== '*')).toEqual([])
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
      /^scenarios\/(planted|correct|museum)\/[^/]+\.ts$/.test(file) ||
      // And `npm run frameworks` these.
      /^scenarios\/frameworks\/[^/]+\/[^/]+\.ts$/.test(file) ||
      file === 'harness/executors/workers/worker.ts'
    expect(sources.filter((file) => !imported.has(file) && !isEntry(file))).toEqual([])
  })

  it.each([
    // The command line tells how long a run took; everything else happens in virtual time.
    // Agents are users' code; the watchdog and the report's timing go by real time.
    [
      'chance and monotonic time',
      /\b(Math\.random|performance\.now|crypto\.randomUUID)\(/,
      /^(harness\/(sandbox|cli)\/|harness\/executors\/workers\/looks\.ts$|harness\/contracts\/stopwatch\.ts$|scenarios\/)/,
    ],
    [
      'wall time and timers',
      /\b(Date\.now\(|new Date\(|(?<!\.)set(Timeout|Interval)\()/,
      /^(harness\/(sandbox|cli)\/|harness\/executors\/workers\/(worker-process|start-worker|batch)\.ts$|harness\/(campaign\/run|selftest\/selftest)\.ts$|scenarios\/)/,
    ],
    ['the network', /(?<![.#\w])fetch\(/, /^(harness\/sandbox|scenarios)\//],
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

  it('keeps what is known of one vendor in the room of its provider', () => {
    // Scenarios are agents, and whoever writes an agent knows which model it asks.
    const home = /^(harness\/providers|scenarios)\//
    const known =
      /\b529\b|toolu_|\bsk-ant|\bclaude|\bgpt-|\bgemini-|api\.anthropic|api\.openai|googleapis|\b(ANTHROPIC|OPENAI|GEMINI|GOOGLE)_/i
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

  it('recognises its own errors by brand or private field, and never by their class', () => {
    const classes = sources
      .filter((file) => !file.startsWith('scenarios/'))
      .flatMap((file) => [...text(file).matchAll(/class (\w+) extends \w*Error\b/g)].map(([, name = '']) => name))
    expect(classes).toContain('UserError')
    const banned = new RegExp(`instanceof (?:${classes.join('|')})\\b`)
    const broken = sources
      .filter((file) => !file.startsWith('scenarios/'))
      .flatMap((file) =>
        text(file)
          .split('\n')
          .flatMap((line, index) => (banned.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
      )
    expect(broken).toEqual([])
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
