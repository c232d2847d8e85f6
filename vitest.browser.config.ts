/** Tests of the report in a real browser, apart from the others because they need Chromium and say so where it is missing. */
import { defineConfig, mergeConfig } from 'vitest/config'
import everywhere from './vitest.config.js'

const { projects: _projects, ...test } = everywhere.test ?? {}

export default mergeConfig(
  { ...everywhere, test },
  defineConfig({
    test: { include: ['test/browser/**/*.test.ts'], globalSetup: ['test/browser/chromium.ts'] },
  }),
)
