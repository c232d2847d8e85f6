/**
 * The selftest's short form, in one process: every planted bug is to be found, and every correct agent to be left alone, in
 * a few trials each. It stops at the first that is not so, says which, and exits with 1. It is run in a workshop, whose
 * `harness/` is the build; there it tries whatever mutant is in place.
 */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { install } from '../../harness/boundaries/install.js'

// As the worker has it, for the same reason.
setFlagsFromString('--always-sparkplug')
install()

const { fileOf } = await import('../../harness/define/source.js')
const { inProcess } = await import('../../harness/executors/in-process/executor.js')
const { loadScenario } = await import('../../harness/executors/workers/load.js')
const { runSelftest } = await import('../../harness/selftest/selftest.js')
const { shippedFiles } = await import('../../harness/selftest/shipped.js')

/** In one process modules outlive a crash, and what they keep with them: this bug does no harm here. */
const unseenHere = '/key-kept-at-module-level.ts'

/** `files`: which of the shipped ones; `coverage`: where what each of them runs is written to. */
const {
  files = shippedFiles().filter((file) => !file.endsWith(unseenHere)),
  trials,
  seed,
  coverage,
} = JSON.parse(process.argv[2] ?? '{}')
const root = resolve(import.meta.dirname, '../..')

const openExecutors = ({ root }) => ({
  open: async (source) => {
    const scenario = await loadScenario(fileOf(root, source), source)
    return { ...inProcess(scenario), close: () => {} }
  },
  close: () => {},
})

/** What is not as it should be. */
async function wrongWith(files) {
  const report = await runSelftest(openExecutors, {
    files,
    cwd: root,
    seed,
    // Each planted bug has a repaired twin, which is tried too.
    trials: trials * files.length,
    trialsMax: 300,
    trialTimeout: 10,
    memoryMax: 1024,
    workers: 1,
    bail: true,
    grep: undefined,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  const { bugs, agents, failures, exitCode, verdict } = report
  const wrong = [
    ...bugs.filter(({ verdict }) => verdict !== 'found').map(({ name, verdict }) => `${name}: ${verdict}`),
    ...bugs.flatMap(({ name, twin }) =>
      twin && twin.verdict !== 'quiet' ? [`the twin of ${name}: ${twin.because}`] : [],
    ),
    ...agents.filter(({ verdict }) => verdict !== 'quiet').map(({ name, because }) => `${name}: ${because}`),
    ...failures.map(({ message }) => message.split('\n')[0]),
  ]
  return exitCode === 0 ? [] : wrong.length > 0 ? wrong : [verdict]
}

if (coverage) await cover(coverage)
else {
  const wrong = await wrongWith(files)
  process.stdout.write(`\n${JSON.stringify({ wrong })}\n`)
  process.exit(wrong.length > 0 ? 1 : 0)
}

/** For each file alone, which parts of the build it runs, and how long that takes. */
async function cover(path) {
  const session = new Session()
  session.connect()
  const post = promisify(session.post.bind(session))
  await post('Profiler.enable')
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const found = {}
  for (const file of files) {
    const began = process.cpuUsage()
    const wrong = await wrongWith([file])
    const { user } = process.cpuUsage(began)
    const { result } = await post('Profiler.takePreciseCoverage')
    const own = result.filter(
      ({ url }) => url.startsWith(pathToFileURL(`${root}/`).href) && !url.includes('/node_modules/'),
    )
    const ranges = own.map(({ url, functions }) => [
      relative(root, fileURLToPath(url)),
      functions.flatMap(({ ranges }) =>
        ranges.map(({ startOffset, endOffset, count }) => [startOffset, endOffset, count]),
      ),
    ])
    found[file] = { ms: user / 1000, wrong, ranges: Object.fromEntries(ranges) }
  }
  writeFileSync(path, JSON.stringify(found))
  process.exit(0)
}
