/** Proves that what a process cannot run is the very same scenario in a worker process, or is refused with what to do. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { firstScenario } from '../../harness/cli/init/first-scenario.js'
import { projectWith, run } from './project.js'

const first = firstScenario({ typescript: false, agent: undefined })

const script = `
import { writeFileSync } from 'node:fs'
import { assertResilient, faultPlans, replay, runTrial, verdictOf } from 'agent-chaos'
import fc from 'fast-check'
import first, { other } from './first.chaos.mjs'
import { make } from './made.mjs'
import { own } from './refund.test.mjs'
import { pair } from './pair.mjs'

const busy = setInterval(() => {}, 10)
const plan = 'tool:refund#1 = tool/reply-lost'
const file = new URL('./first.chaos.mjs', import.meta.url)
const said = {}
async function note(name, run) {
  try {
    said[name] = await run()
  } catch (error) {
    said[name] = { code: error.code, message: error.message, where: error.where }
  }
}
const brief = ({ digest, state, faults, unmet }) => ({ digest, state, faults, unmet })
await note('exported', async () => brief(await runTrial(first, { plan })))
await note('named', async () => (await runTrial(other)).trace.scenario)
await note('url', async () => brief(await runTrial(file, { plan })))
await note('path', async () => brief(await runTrial('first.chaos.mjs', { plan })))
await note('replayed', async () => (await replay(first, { seed: 1, plan })).places.length > 0)
await note('verdict', async () => verdictOf(await runTrial(file, { plan }), 'effects-exactly-once').kind)
await note('drawn', async () => {
  const [drawn] = fc.sample(await faultPlans(file), { numRuns: 1, seed: 1 })
  return (await runTrial(file, { plan: drawn })).faults.length > 0
})
await note('resilient', () => assertResilient(file, { trialsMax: 20 }))
await note('copy', () => runTrial({ ...first, agent: async () => 'Refunded.' }))
await note('made', () => runTrial(make('correct')))
await note('pair', () => runTrial(pair[1]))
await note('test', () => runTrial(own))
await note('absent', () => runTrial('nowhere.chaos.mjs'))
await note('remote', () => runTrial(new URL('https://example.com/a.chaos.mjs')))
await note('nothing', () => runTrial(undefined))
await note('misspelt', () => runTrial(file, { plan: 'tool:refun#1 = tool/reply-lost' }))
await note('classes', async () => (await runTrial(new URL('./classes.chaos.mjs', import.meta.url))).state)
first.agent = async () => 'Refunded.'
await note('changed', () => runTrial(first))
clearInterval(busy)
await note('here', async () => brief(await (await import('./here.mjs')).default()))
writeFileSync('said.json', JSON.stringify(said))
`

const files = {
  'package.json': '{"name":"shop","type":"module"}',
  'first.chaos.mjs': `${first}\nexport const other = defineScenario({ name: 'other', task: 't', world: () => ({ tools: { look: async () => 1 } }), model: script([say('x')]), agent: ({ tools }) => tools.look(), goal: () => true })\n`,
  // One place that makes several: the file exports another one than what is handed over.
  'made.mjs': `${first.replace('export default defineScenario({', 'export const make = (policy) => defineScenario({').trimEnd()}\nexport const naive = make('naive')\n`,
  'pair.mjs': `${first.replace('export default defineScenario({', 'const make = () => defineScenario({').trimEnd()}\nexport const pair = ['a', 'b'].map(make)\nexport const [a, b] = pair\n`,
  'refund.test.mjs': first.replace('export default', 'export const own ='),
  'classes.chaos.mjs': first.replace('state: () => ({ refunded: 0 })', 'state: () => ({ refunded: 0, say() {} })'),
  'main.mjs': script,
  // A process of its own, which can run trials.
  'here.mjs': `
import { execFileSync } from 'node:child_process'
const code = "import { runTrial } from 'agent-chaos'; import first from './first.chaos.mjs'; const { digest, state, faults, unmet } = await runTrial(first, { plan: 'tool:refund#1 = tool/reply-lost' }); console.log(JSON.stringify({ digest, state, faults, unmet }))"
export default () => JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }))
`,
}

interface Refused {
  readonly code: string
  readonly message: string
  readonly where?: string
}

let cwd = ''
let said: Readonly<Record<string, unknown>> = {}
const refusalOf = (name: string) => said[name] as Refused

beforeAll(async () => {
  cwd = projectWith(files)
  // It ends by itself: a worker that is kept does not hold it.
  const { code, stdout, stderr } = await run(cwd, process.execPath, ['main.mjs'])
  expect([code, stdout, stderr]).toEqual([0, '', ''])
  said = JSON.parse(readFileSync(join(cwd, 'said.json'), 'utf8')) as typeof said
})

describe('where a process cannot run trials', () => {
  it('a scenario that its module exports runs in a worker process, and so does one that its file names: the same trial', () => {
    expect(said.here).toMatchObject({ state: { refunded: 8400 }, unmet: null })
    expect([said.exported, said.url, said.path]).toEqual([said.here, said.here, said.here])
    expect(said).toMatchObject({ named: 'other', replayed: true, verdict: 'violated', drawn: true })
  })

  it('a search tells the violation, and the command that replays it', () => {
    expect(refusalOf('resilient')).toMatchObject({ code: 'AGENT_CHAOS_NOT_RESILIENT' })
    expect(refusalOf('resilient').message).toContain('effects-exactly-once')
    expect(refusalOf('resilient').message).toContain('replay: npx agent-chaos replay first.chaos.mjs --seed 1 --plan')
  })

  it.each([
    ['copy', 'it is a copy, or was changed after defineScenario()'],
    ['changed', 'it is a copy, or was changed after defineScenario()'],
    ['made', 'expected one export that is the scenario "first"'],
    ['pair', 'it exports 2 of them'],
    ['test', 'it is made in a test file'],
  ])('a scenario that a worker cannot be sure of is refused, and never another one run: %s', (name, why) => {
    expect(refusalOf(name)).toMatchObject({ code: 'AGENT_CHAOS_USAGE' })
    expect(refusalOf(name).message).toContain(why)
    expect(refusalOf(name).message).toContain('What the runner mocks (jest.mock) does not reach the worker')
  })

  it('it is told to which file to move it', () => {
    expect(refusalOf('test').message).toContain(`Move it to ${join(cwd, 'refund.chaos.mjs')}, as the default export`)
    expect(refusalOf('test').message).toContain("new URL('./refund.chaos.mjs', import.meta.url)")
    expect(refusalOf('made').message).toContain(`Move it to ${join(cwd, 'made.chaos.mjs')}`)
  })

  it('what is no scenario, and no file of one, is refused with what was expected', () => {
    expect(refusalOf('absent').message).toBe('it cannot be read: no such file or folder (ENOENT)')
    expect(refusalOf('absent').where).toBe(join(cwd, 'nowhere.chaos.mjs'))
    expect(refusalOf('remote').message).toContain('a URL that begins with file:, got https://example.com/a.chaos.mjs')
    expect(refusalOf('nothing').message).toContain(
      'runTrial: expected a scenario, as defineScenario() makes one, or its file',
    )
    expect(refusalOf('misspelt').message).toContain('Did you mean "tool:refund"')
  })

  it('a state that cannot travel is told of where it is asked for', () => {
    expect(refusalOf('classes').message).toContain(
      'it holds functions or classes, which cannot come from another process',
    )
  })
})
