/**
 * Style: one process that serves a stream of tasks. What makes it correct: what one task learns spares the next, for the
 * error budget of the model is one over all of them, counts every request, and goes by the clock that nobody sets; while
 * it is spent, and wherever the model fails, a letter goes to a person, so that none is dropped; what is settled stands in
 * a list that outlives the process; and whoever stops the process stops it between two steps.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  fallsBackWhenBudgetSpent,
  idempotencyKeysDisciplined,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

interface Letter {
  readonly id: string
  readonly about: string
}
interface Office {
  file(filing: { readonly id: string; readonly department: string; readonly key: string }): Promise<unknown>
  handOver(letter: { readonly id: string; readonly key: string }): Promise<unknown>
}
type Fate = 'filed' | 'handed-over' | 'lost'

const departments = ['billing', 'delivery', 'returns'] as const
const turnsPerLetter = 3
const triesMax = 3
const budget = { target: 0.5, window: 6, recoverAfterMs: 40_000 }

/** More failures among the last requests than it holds, and the model is left alone for a while. */
class ErrorBudget {
  #failed: boolean[] = []
  #spentUntilMs = Number.NEGATIVE_INFINITY

  get isSpent(): boolean {
    return performance.now() < this.#spentUntilMs
  }

  note(failed: boolean): void {
    this.#failed = [...this.#failed, failed].slice(-budget.window)
    if (this.#failed.filter(Boolean).length <= (1 - budget.target) * budget.window) return
    this.#spentUntilMs = performance.now() + budget.recoverAfterMs
    this.#failed = []
  }
}

class Sorter {
  // Retries of its own, each of which the budget would not see, are off.
  readonly #client = new Anthropic({ maxRetries: 0, timeout: 15_000 })
  readonly #budget = new ErrorBudget()
  readonly #office: Office
  readonly #stop: AbortSignal

  constructor(office: Office, stop: AbortSignal) {
    this.#office = office
    this.#stop = stop
  }

  /** `settled` is the post office's own list. */
  async serve(letters: readonly Letter[], settled: Record<string, Fate>): Promise<Fate[]> {
    for (const letter of letters) {
      if (settled[letter.id]) continue
      this.#stop.throwIfAborted()
      settled[letter.id] = await this.#settle(letter)
      await sleep(10_000, undefined, { signal: this.#stop })
    }
    return letters.map(({ id }) => settled[id] ?? 'lost')
  }

  async #settle(letter: Letter): Promise<Fate> {
    const filed = await this.#sort(letter).catch(() => false)
    if (filed) return 'filed'
    const handOver = () => this.#office.handOver({ id: letter.id, key: `hand-over-${letter.id}` })
    return this.#insist(handOver).then(
      () => 'handed-over',
      () => 'lost',
    )
  }

  async #sort({ id, about }: Letter): Promise<boolean> {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: `Letter ${id} is about ${about}. File it.` }]
    let filed = false
    const file = async (department: string) => {
      if (!departments.some((known) => known === department))
        throw Object.assign(new Error(department), { status: 404 })
      await this.#insist(() => this.#office.file({ id, department, key: `file-${id}-${department}` }))
      filed = true
    }
    for (let turn = 1; turn <= turnsPerLetter && !filed; turn++) {
      const content = await this.#insist(() => this.#ask(messages))
      const calls = content.filter((block) => block.type === 'tool_use')
      if (calls.length === 0) break
      const results: Anthropic.ToolResultBlockParam[] = []
      for (const { id: tool_use_id, input } of calls) {
        const outcome = await file((input as { readonly department: string }).department).then(
          () => ({ content: 'filed' }),
          (error) => ({ content: explain(error), is_error: true }),
        )
        results.push({ type: 'tool_result', tool_use_id, ...outcome })
      }
      messages.push({ role: 'assistant', content }, { role: 'user', content: results })
    }
    return filed
  }

  /** One request, and one entry in the budget, whatever becomes of it. */
  async #ask(messages: Anthropic.MessageParam[]): Promise<Anthropic.ContentBlock[]> {
    if (this.#budget.isSpent) throw Object.assign(new Error('the budget is spent'), { status: 403 })
    const body = { model: 'claude-haiku-4-5', max_tokens: 512, messages, tools }
    try {
      const signal = AbortSignal.any([this.#stop, AbortSignal.timeout(30_000)])
      const { content } = await this.#client.messages.create(body, { signal })
      this.#budget.note(false)
      return content
    } catch (error) {
      this.#budget.note(mayPass(error))
      throw error
    }
  }

  async #insist<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      this.#stop.throwIfAborted()
      try {
        return await inTime(35_000, work())
      } catch (error) {
        if (!mayPass(error) || advisedMs(error) > patienceMs || tried === triesMax) throw error
        await sleep(Math.max(advisedMs(error), 800 * 2 ** tried), undefined, { signal: this.#stop })
      }
    }
  }
}

function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms)
    work.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}

function mayPass(error: unknown): boolean {
  const { status = 500 } = error as { readonly status?: number }
  return status >= 500 || [408, 409, 425, 429].includes(status)
}

/** Whoever is to stay away for longer gives up, and does not come back early. */
const patienceMs = 60_000

function advisedMs(error: unknown): number {
  const { headers } = error as { readonly headers?: Headers }
  const ms = msUntil(headers?.get?.('retry-after'))
  return ms > 0 && ms < 2 ** 31 ? ms : 0
}

/** Seconds or a date, as HTTP has it; NaN for neither. */
function msUntil(advice: string | null | undefined): number {
  const seconds = Number(advice ?? Number.NaN)
  return Number.isNaN(seconds) ? Date.parse(advice ?? '') - Date.now() : seconds * 1_000
}

function explain(error: unknown): string {
  const recoverable = mayPass(error)
  const suggestion = recoverable ? 'File it once more.' : `Choose one of: ${departments.join(', ')}.`
  const error_type = recoverable ? 'archive_unavailable' : 'refused'
  return JSON.stringify({ error_type, message: (error as Error).message, recoverable, suggestion })
}

const tools: Anthropic.Tool[] = [
  {
    name: 'file',
    description: 'Files the letter with a department.',
    input_schema: {
      type: 'object',
      properties: { department: { type: 'string', enum: [...departments] } },
      required: ['department'],
    },
  },
]
const letters = Array.from({ length: 8 }, (_, index): Letter => {
  return { id: `L${index + 1}`, about: departments[index % departments.length] ?? '' }
})

export default defineScenario({
  name: 'long-lived',
  task: `Settle ${letters.length} letters: file them, or hand them to a person.`,
  state: () => ({
    filed: {} as Record<string, string[]>,
    handedOver: [] as string[],
    settled: {} as Record<string, Fate>,
  }),
  world: ({ state, effect }) => {
    const office: Office = {
      file: ({ id, department, key }) =>
        effect({ kind: 'filing', intent: id, key, payload: { id, department } }, () => {
          state.filed[id] = [...(state.filed[id] ?? []), department]
        }),
      handOver: ({ id, key }) =>
        effect({ kind: 'hand-over', intent: id, key, payload: { id } }, () => {
          state.handedOver.push(id)
        }),
    }
    return { tools: office }
  },
  model: script([
    call('file', ({ messages: [first] }) => {
      const [block] = first?.blocks ?? []
      const text = block?.kind === 'text' ? block.text : ''
      return { department: departments.find((department) => text.includes(department)) ?? '' }
    }),
    say('Filed.'),
  ]),
  agent: ({ task: _, tools: office, signal, state }) => new Sorter(office, signal).serve(letters, state.settled),
  claims: (fates: readonly Fate[]) =>
    fates.includes('lost') ? 'failure' : fates.filter((fate) => fate === 'filed').length < 6 ? 'degraded' : 'success',
  goal: ({ state }) => letters.every(({ id }) => state.filed[id]?.length === 1 || state.handedOver.includes(id)),
  invariants: [
    fallsBackWhenBudgetSpent({ ...budget, primary: 'model:*', fallback: 'tool:handOver' }),
    breakerTrips({ turns: letters.length * turnsPerLetter }),
    idempotencyKeysDisciplined({ kinds: ['filing', 'hand-over'] }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: triesMax }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.9, spend: { turns: 24, tokens: 60_000, usd: 0.5, seconds: 900 } },
})
