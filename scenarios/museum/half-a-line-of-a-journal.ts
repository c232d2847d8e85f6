/** Wrong on purpose: half a line that a crash left is skipped when the journal is read, and the next line is written behind it. */
// As reported in PrimeIntellect-ai/prime-agent PR #1785, told anew.
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'

const lines = 3

const writer = (repairs: boolean) => {
  return async ({ files }: AgentContext<object, object>): Promise<string> => {
    const file = join(files.dir, 'session.jsonl')
    const text = await readFile(file, 'utf8').catch(() => '')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (repairs && whole !== text) await writeFile(file, whole)
    const done = whole === '' ? 0 : whole.trimEnd().split('\n').length
    for (let n = done + 1; n <= lines; n++) await appendFile(file, `${JSON.stringify({ line: n })}\n`)
    return 'The journal is written.'
  }
}

export default defineScenario({
  name: 'half-a-line-of-a-journal',
  task: 'Write three lines.',
  state: () => ({}),
  model: script([say('not asked')]),
  agent: writer(false),
  goal: async ({ files }) => {
    const text = await readFile(join(files.dir, 'session.jsonl'), 'utf8')
    const parts = text.trimEnd().split('\n')
    return parts.length === lines && parts.every((part) => isJson(part))
  },
  faults: ['process/crash'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: writer(true) },
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
