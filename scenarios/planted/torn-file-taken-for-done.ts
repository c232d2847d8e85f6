/** Wrong on purpose: a file that is there counts as written, the half of one that a failed write left too. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { defineScenario } from 'agent-chaos'
import type { WriteFile } from '../agent/atomic-file.js'
import { week, weekAgent } from '../report/world.js'

const writeUnlessThere: WriteFile = async (path, text) => {
  if (!existsSync(path)) await writeFile(path, text)
}

export default defineScenario({
  ...week,
  name: 'torn-file-taken-for-done',
  agent: weekAgent({}, writeUnlessThere),
  expect: { violates: 'no-invented-success' },
  repaired: { agent: weekAgent() },
})
