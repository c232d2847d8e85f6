/**
 * Style: a plain loop, written by hand on `messages.create`, that leaves retries of the model API to the SDK. What makes it
 * correct: turns, requests and tool calls all have an end, those of a model that goes in circles too; a tool is tried again
 * only for what may pass, under a key that names what is meant; the text to the patient is written here and not by the
 * model; and the task is done when the tools say so, not when the model does.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  idempotencyKeysDisciplined,
  makesProgress,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

type Change = { readonly patient: string; readonly slot: string; readonly idempotencyKey: string }
interface Clinic {
  move(appointment: Change): Promise<unknown>
  text(message: Change & { readonly message: string }): Promise<unknown>
}

const turnsMax = 10
const repeatsMax = 3
const input_schema: Anthropic.Tool.InputSchema = {
  type: 'object',
  properties: { patient: { type: 'string' }, slot: { type: 'string' } },
  required: ['patient', 'slot'],
}
const tools: Anthropic.Tool[] = [
  { name: 'move', description: 'Moves the appointment of a patient to a slot.', input_schema },
  { name: 'text', description: 'Tells a patient by text message of the new slot.', input_schema },
]

async function secretary(task: string, clinic: Clinic, stop: AbortSignal): Promise<string> {
  const client = new Anthropic({ timeout: 20_000 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  const done = new Map<string, number>()
  for (let turn = 1; turn <= turnsMax; turn++) {
    const reply = await ask(client, messages, stop)
    messages.push({ role: 'assistant', content: reply.content })
    const calls = reply.content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) {
      if (tools.every(({ name }) => done.has(name)))
        return reply.content.map((b) => (b.type === 'text' ? b.text : '')).join('')
      throw new Error('The model stopped before everything was done.')
    }
    const content: Anthropic.ToolResultBlockParam[] = []
    for (const asked of calls) content.push(await run(asked, clinic, done, stop))
    messages.push({ role: 'user', content })
  }
  throw new Error(`No answer after ${turnsMax} turns.`)
}

/** The SDK tries again what fails before a body comes; one that breaks off or stalls it leaves to its caller. */
async function ask(
  client: Anthropic,
  messages: Anthropic.MessageParam[],
  stop: AbortSignal,
): Promise<Anthropic.Message> {
  for (let attempt = 1; ; attempt++) {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(120_000)])
    try {
      return await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools }, { signal })
    } catch (error) {
      // Cut off at its deadline the SDK may have been waiting, as long as it was told to.
      const final = error instanceof Anthropic.APIError
      if (final || stop.aborted || attempt === 3) throw error
      await sleep(1_000 * attempt, undefined, { signal: stop })
    }
  }
}

async function run(
  { id, name, input }: Anthropic.ToolUseBlock,
  clinic: Clinic,
  done: Map<string, number>,
  stop: AbortSignal,
) {
  const result = { type: 'tool_result', tool_use_id: id } as const
  try {
    const { patient, slot } = input as Partial<Change>
    if (typeof patient !== 'string' || typeof slot !== 'string')
      throw Object.assign(new Error('A patient and a slot are needed, as texts.'), { status: 400 })
    const appointment = { patient, slot, idempotencyKey: `${name}:${patient}:${slot}` }
    const message = `Dear ${patient}, your appointment is now at ${slot}.`
    const times = done.get(name) ?? 0
    if (times === repeatsMax) throw Object.assign(new Error('This was done already.'), { status: 400 })
    if (name === 'move') await patiently(stop, () => clinic.move(appointment))
    else if (name === 'text') await patiently(stop, () => clinic.text({ ...appointment, message }))
    else throw Object.assign(new Error(`There is no tool named ${name}.`), { status: 404 })
    done.set(name, times + 1)
    return { ...result, content: 'done' }
  } catch (error) {
    const { message } = error as Error
    const recoverable = mayPass(error)
    const suggestion = recoverable ? 'Try again.' : 'Do not repeat this; tell the user that it cannot be done.'
    const content = JSON.stringify({ error_type: codeOf(error), message, recoverable, suggestion })
    return { ...result, content, is_error: true }
  }
}

async function patiently(stop: AbortSignal, work: () => Promise<unknown>): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    stop.throwIfAborted()
    const late = new AbortController()
    const deadline = sleep(15_000, undefined, late).then(() => Promise.reject(new Error('no answer in 15 s')))
    try {
      return await Promise.race([work(), deadline])
    } catch (error) {
      if (!mayPass(error) || attempt === 3) throw error
      await sleep(500 * 2 ** attempt)
    } finally {
      deadline.catch(() => {})
      late.abort()
    }
  }
}

/** Of the statuses from 400 to 499 these alone say "later"; without a status nothing is known, and the key makes it safe. */
function mayPass(error: unknown): boolean {
  const { status = 500 } = error as { readonly status?: number }
  return status >= 500 || [408, 409, 425, 429].includes(status)
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? 'UNKNOWN'
}

const appointment = { patient: 'Ada', slot: 'Tuesday 10:00' }

export default defineScenario({
  name: 'sdk-loop',
  task: 'Move the appointment of Ada to Tuesday 10:00 and tell her by text message.',
  state: () => ({ slots: {} as Record<string, string>, texts: [] as string[] }),
  world: ({ state, effect }) => ({
    tools: {
      move: ({ patient, slot, idempotencyKey: key }: Change) =>
        effect({ kind: 'move', intent: patient, key, payload: { patient, slot } }, () => {
          state.slots[patient] = slot
        }),
      text: ({ patient, message, idempotencyKey: key }: Change & { message: string }) =>
        effect({ kind: 'text', intent: patient, key, payload: { patient, message } }, () => {
          state.texts.push(message)
        }),
    },
  }),
  model: script([
    call('move', appointment),
    call('text', appointment),
    say('Ada comes on Tuesday at ten, and knows it.'),
  ]),
  agent: ({ task, tools, signal }) => secretary(task, tools, signal),
  goal: ({ state }) => state.slots.Ada === 'Tuesday 10:00' && state.texts.length === 1,
  intents: [
    { kind: 'move', id: 'Ada' },
    { kind: 'text', id: 'Ada' },
  ],
  invariants: [
    breakerTrips({ turns: turnsMax }),
    idempotencyKeysDisciplined({ kinds: ['move', 'text'] }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 9 }),
    makesProgress({ repeats: repeatsMax }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 10, tokens: 30_000, usd: 0.5, seconds: 300 } },
})
