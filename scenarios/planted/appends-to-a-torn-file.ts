/** Wrong on purpose: the report is appended to its file, so that a second try writes its beginning twice. */
import { appendFile } from 'node:fs/promises'
import { defineScenario } from 'agent-chaos'
import { week, weekAgent } from '../report/world.js'

const title = '# Sales of the week'

export default defineScenario({
  ...week,
  name: 'appends-to-a-torn-file',
  agent: weekAgent({}, (path, text) => appendFile(path, text)),
  goal: (context) => week.goal(context) && context.files.read('report.md')?.lastIndexOf(title) === 0,
  expect: { violates: 'no-invented-success' },
  repaired: { agent: weekAgent() },
})
