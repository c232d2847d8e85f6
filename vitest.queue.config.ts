/** Tests of runs over a queue, apart from the others because they need Debian's Redis and PostgreSQL, and fail where one is missing. */
import { defineConfig, mergeConfig } from 'vitest/config'
import everywhere from './vitest.config.js'

const { projects: _projects, ...test } = everywhere.test ?? {}

export default mergeConfig({ ...everywhere, test }, defineConfig({ test: { include: ['test/queue/**/*.test.ts'] } }))
