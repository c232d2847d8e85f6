/** Projects by folder: tests of parts, of whole trials, and of the built command. */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const below = (...folders: string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`)

/** One part at a time; `test/harness/trial` follows whole trials. */
const parts = below('faults', 'harness/!(trial)', 'reports', 'docs', 'house', 'same', 'words')
/** Parts that put stubs into the process, each of which needs one that has none. */
const stubbing = [
  ...below('harness/sandbox', 'harness/boundaries/file', 'harness/transports/socket'),
  // Its real servers wait for ever in a process in which others have run.
  'test/harness/transports/parity.test.ts',
]
/** The built command and the packed package, in processes of their own. */
const e2e = below('cli', 'consumers', 'readme', 'recipes')
/** Those in a browser and over a queue have configurations of their own: they need Chromium and Redis. */
const apart = below('fixtures', 'browser', 'queue')

export default defineConfig({
  test: {
    projects: [
      // In one process for each core: most of the time would else go into loading the same modules for each file.
      { extends: true, test: { name: 'unit', include: parts, exclude: stubbing, isolate: false } },
      { extends: true, test: { name: 'unit-stubs', include: stubbing } },
      { extends: true, test: { name: 'e2e', include: e2e } },
      // All others, so that no folder is in none: laws, contracts and whole trials.
      { extends: true, test: { name: 'integration', include: below('**'), exclude: [...parts, ...e2e, ...apart] } },
    ],
    // By default one core is left alone, and of two that is half.
    maxWorkers: availableParallelism(),
    setupFiles: [source('test/support/fixed-seed.ts')],
    // No test is held to a speed; this is for one that hangs.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
  resolve: {
    // Tests of the library run against the source; tests of the command line run against the build.
    alias: [
      { find: /^agent-chaos$/, replacement: source('harness/index.ts') },
      { find: /^agent-chaos\/faults$/, replacement: source('faults/index.ts') },
      { find: /^agent-chaos\/invariants$/, replacement: source('harness/invariants/index.ts') },
      { find: /^agent-chaos\/provider-kit$/, replacement: source('harness/provider-kit/index.ts') },
      { find: /^agent-chaos\/reports$/, replacement: source('reports/index.ts') },
      { find: /^agent-chaos\/vitest$/, replacement: source('harness/vitest.ts') },
      { find: /^agent-chaos\/register$/, replacement: source('harness/register.ts') },
    ],
  },
})
