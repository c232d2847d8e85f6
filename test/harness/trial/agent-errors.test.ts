/** What the agent can read of an error: nothing of the harness, for frameworks pass stacks on to the model. */
import 'agent-chaos/register'
import { writeFile } from 'node:fs/promises'
import https from 'node:https'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { call, defineScenario, runTrial, say, script } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import stacks from '../../fixtures/stacks/stacks.chaos.js'
import { agentChaos } from '../../support/cli/command.js'

const root = dirname(fileURLToPath(new URL('../../../package.json', import.meta.url)))
const stacksFile = 'test/fixtures/stacks/stacks.chaos.ts'
const notes = 'https://notes.example.com/notes'

interface Context {
  readonly tools: Readonly<Record<'note' | 'owner', () => Promise<unknown>>>
  readonly files: { readonly dir: string }
  readonly signal: AbortSignal
}

/** Everything that fails in the agent's hands, however deep. */
type Deed = (context: Context) => Promise<unknown>

const byNode = () =>
  new Promise((resolve, reject) => {
    const request = https.request(notes, { method: 'POST', timeout: 400_000 }, (response) => {
      response.on('error', reject).on('end', resolve).resume()
    })
    request.on('error', reject).end('{}')
  })
const ask = async () => {
  const response = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'm', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hi.' }] }),
  })
  return response.text()
}
const byFetch = async () => (await fetch(notes, { method: 'POST', body: '{}' })).text()

const struck: readonly (readonly [name: string, plan: string, deed: Deed])[] = [
  ...['exception', 'unavailable', 'reply-lost'].map(
    (fault) => [`tool/${fault}`, `tool:note#1 = tool/${fault}`, ({ tools }: Context) => tools.note()] as const,
  ),
  ...['reply-lost', 'partial'].map(
    (fault) => [`effect/${fault}`, `effect:note#1 = effect/${fault}`, ({ tools }: Context) => tools.note()] as const,
  ),
  ...['request-lost(symptom: "reset")', 'body-cut(how: "reset")'].flatMap((fault) => [
    [`http/${fault} by fetch`, `http:*#1 = http/${fault}`, byFetch] as const,
    [`http/${fault} by node:https`, `http:*#1 = http/${fault}`, byNode] as const,
  ]),
  ...['request-lost', 'body-cut(how: "stall")'].map(
    (fault) => [`http/${fault} by fetch`, `http:*#1 = http/${fault}`, byFetch] as const,
  ),
  ...['connection-reset', 'timeout', 'stream-cut(how: "reset")'].map(
    (fault) => [`model/${fault}`, `model:*#1 = model/${fault}`, ask] as const,
  ),
  ['file/no-space', 'file:*#1 = file/no-space', ({ files }) => writeFile(`${files.dir}/a.txt`, 'hello')],
]

const own: readonly (readonly [name: string, deed: Deed])[] = [
  ['a host that is not there', () => fetch('https://nowhere.example.com/')],
  ['a body where none can be', () => fetch(notes, { body: 'x' })],
  ['a deadline', () => fetch(notes, { method: 'POST', signal: AbortSignal.timeout(1) })],
  ['a wait that is called off', () => sleep(1_000, undefined, { signal: AbortSignal.timeout(1) })],
  ['an exit', async () => process.exit(3)],
  ['a tool of its own that throws', ({ tools }) => tools.owner()],
]

async function errorsOf(deed: Deed, plan: string): Promise<Error[]> {
  const errors: Error[] = []
  const scenario = defineScenario({
    name: 'errors',
    task: 'Fail.',
    world: ({ effect, http }) => {
      http.service('https://notes.example.com', () => ({ json: { id: 1 } }))
      const note = () => effect({ kind: 'note', intent: 'a', payload: {}, steps: [() => 1, () => 2] })
      const owner = () => Promise.reject(new RangeError('its own'))
      return { tools: { note, owner } }
    },
    model: script([call('note', {}), say('Done.')]),
    agent: async (context) => {
      await deed(context as never).catch((error: unknown) => {
        for (let at = error; at instanceof Error; at = at.cause) errors.push(at)
        if (typeof error === 'object' && error instanceof DOMException) errors.push(error)
      })
      return 'done'
    },
    goal: () => true,
  })
  await runTrial(scenario, { plan })
  return errors
}

describe('an error of the simulated world', () => {
  it.each(struck)('%s has a stack of its first line alone', async (_name, plan, deed) => {
    const errors = await errorsOf(deed, plan)
    expect(errors.length).toBeGreaterThan(0)
    for (const { stack, name, message } of errors) expect([name, stack]).toEqual([name, `${name}: ${message}`])
  })

  it.each(own)('about %s names no file of the harness', async (_name, deed) => {
    const errors = await errorsOf(deed, '')
    expect(errors.length).toBeGreaterThan(0)
    for (const { stack } of errors)
      expect(stack).not.toMatch(new RegExp(`${root}/(harness|faults|dist)/|node:internal`))
  })

  it('keeps the frames of the user where it is the user’s own', async () => {
    const [error] = await errorsOf(({ tools }) => tools.owner(), '')
    expect(error?.stack).toMatch(/^RangeError: its own\n\s+at .*agent-errors\.test\.ts/)
  })

  it('is no different where the task is called off', async () => {
    let reason: unknown
    const scenario = defineScenario({
      name: 'cancelled',
      task: 'Wait.',
      world: () => ({ tools: { look: async () => 'nothing' } }),
      model: script([say('Done.')]),
      agent: async ({ tools, signal }) => {
        await (tools as { look(): Promise<unknown> }).look()
        await sleep(5_000, undefined, { signal }).catch(() => {})
        reason = signal.reason
        return 'done'
      },
      goal: () => true,
    })
    await runTrial(scenario, { plan: 'tool:look#1 = process/cancel' })
    expect(reason).toMatchObject({ name: 'AbortError', stack: 'AbortError: This operation was aborted' })
  })
})

describe('an agent that tells the model every stack', () => {
  it.each([
    ['tool:look#1 = tool/exception', "TypeError: Cannot read properties of undefined (reading 'id') undefined"],
    ['tool:look#1 = tool/unavailable', 'Error: look: 503 service unavailable undefined'],
  ])('has the same trace from the source and from the package, here and in a fresh process: %s', async (plan, said) => {
    const { trace, digest } = await runTrial(stacks, { plan })
    const asked = trace.events
      .flatMap((event) => (event.kind === 'call' ? [JSON.stringify(event.request)] : []))
      .join('\n')
    expect(asked).toContain(JSON.stringify(said).slice(1, -1))
    const { stdout, stderr } = await agentChaos(['replay', stacksFile, '--plan', plan, '--json', '-'])
    expect((JSON.parse(stdout) as { readonly digest: string }).digest, stderr).toBe(digest)
  })
})
