import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Those in a browser have a configuration of their own: they need Chromium.
    exclude: ['test/fixtures/**', 'test/browser/**'],
    // By default one core is left alone, and of two that is half.
    maxWorkers: availableParallelism(),
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
