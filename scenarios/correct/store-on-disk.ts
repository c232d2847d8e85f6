/**
 * Style: what an agent is about to do and has done stands in a journal on disk. What makes it correct: a key is drawn once
 * and written down before the first request that bears it; the journal is written aside and renamed, so that a crash, a
 * full disk or a torn write leaves the one before; where it cannot be written nothing is sent; and a restart begins by
 * reading it.
 */
import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  idempotencyKeysDisciplined,
  noEffectAfterStop,
  noPartialEffects,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

interface Entry {
  readonly key: string
  readonly paid: boolean
}

/** All that survives the process. `set` resolves when it is on the disk, and rejects with the journal as it was. */
class Journal {
  readonly #path: string
  readonly #entries: Map<string, Entry>

  private constructor(path: string, entries: Map<string, Entry>) {
    this.#path = path
    this.#entries = entries
  }

  static async open(path: string): Promise<Journal> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]'
      throw error
    })
    return new Journal(path, new Map(JSON.parse(text) as [string, Entry][]))
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(name)
  }

  async set(name: string, entry: Entry): Promise<void> {
    const next = new Map(this.#entries).set(name, entry)
    await insist(async () => {
      await writeFile(`${this.#path}.new`, JSON.stringify([...next]), { flush: true })
      await rename(`${this.#path}.new`, this.#path)
    })
    this.#entries.set(name, entry)
  }
}

interface Bank {
  pay(payment: { readonly to: string; readonly cents: number; readonly key: string }): Promise<unknown>
}

const turnsMax = 10

async function payroll(
  task: string,
  wages: Readonly<Record<string, number>>,
  bank: Bank,
  dir: string,
  stop: AbortSignal,
): Promise<string> {
  const journal = await Journal.open(join(dir, 'payroll.json'))
  const confirmed = new Set<string>()
  const pay = async (to: string): Promise<string> => {
    const cents = wages[to]
    if (cents === undefined) throw Object.assign(new Error(`${to} is not on the list`), { status: 404 })
    const known = journal.get(to)
    if (known?.paid) return `${to} was paid before`
    const { key } = known ?? { key: randomUUID() }
    if (!known) await journal.set(to, { key, paid: false })
    if (!confirmed.has(to)) await insist(() => inTime(20_000, bank.pay({ to, cents, key })), stop)
    confirmed.add(to)
    await journal.set(to, { key, paid: true })
    return `${to} is paid`
  }
  const isDone = () => Object.keys(wages).every((to) => journal.get(to)?.paid)
  const client = new Anthropic({ timeout: 30_000, maxRetries: 3 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  for (let turn = 1; turn <= turnsMax && !isDone(); turn++) {
    const request = { model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools }
    const once = () =>
      client.messages.create(request, { signal: AbortSignal.any([stop, AbortSignal.timeout(150_000)]) })
    const { content } = await insist(once, stop)
    messages.push({ role: 'assistant', content })
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const block of content) {
      if (block.type !== 'tool_use') continue
      const outcome = await pay((block.input as { readonly to: string }).to).then(
        (answer) => ({ content: answer }),
        (error) => ({ content: explain(error), is_error: true }),
      )
      results.push({ type: 'tool_result', tool_use_id: block.id, ...outcome })
    }
    if (results.length === 0) break
    messages.push({ role: 'user', content: results })
  }
  if (!isDone()) throw new Error('not everybody could be paid')
  return 'Everybody is paid.'
}

/** Tries again what may pass; of the model's API what the SDK has given up on is final. The journal is written to the end. */
async function insist<T>(work: () => Promise<T>, stop?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    stop?.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (isFinal(error) || stop?.aborted || attempt === 4) throw error
      await sleep(300 * 3 ** attempt, undefined, { signal: stop })
    }
  }
}

function isFinal(error: unknown): boolean {
  // Cut off at its deadline it may have been waiting, as long as it was told to.
  if (error instanceof Anthropic.APIError) return true
  const { status = 0, code = '' } = error as { readonly status?: number; readonly code?: string }
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return true
  return status >= 400 && status < 500 && ![408, 409, 429].includes(status)
}

function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function explain(error: unknown): string {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException
  const recoverable = !isFinal(error)
  const suggestion = recoverable ? 'Ask for this payment again; nobody is paid twice.' : 'Tell the office.'
  return JSON.stringify({ error_type: code, message, recoverable, suggestion })
}

const tools: Anthropic.Tool[] = [
  {
    name: 'pay',
    description: 'Pays somebody the wage of this month.',
    input_schema: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
  },
]
const wages = { ada: 420_000, grace: 390_000, edsger: 405_000 }
const people = Object.keys(wages)

export default defineScenario({
  name: 'store-on-disk',
  task: `Pay the wages of ${people.join(', ')}.`,
  state: () => ({ debits: 0, paid: {} as Record<string, number> }),
  world: ({ state, effect }) => {
    const bank: Bank = {
      pay: async ({ to, cents, key }) => {
        const debit = () => {
          state.debits += cents
        }
        const credit = () => {
          state.paid[to] = (state.paid[to] ?? 0) + cents
        }
        await effect({ kind: 'wage', intent: to, key, payload: { to, cents }, steps: [debit, credit] })
      },
    }
    return { tools: bank }
  },
  model: script([...people.map((to) => call('pay', { to })), say('All wages are paid.')]),
  agent: ({ task, tools: bank, files, signal }) => payroll(task, wages, bank, files.dir, signal),
  goal: ({ state }) => Object.entries(wages).every(([to, cents]) => state.paid[to] === cents),
  intents: people.map((id) => ({ kind: 'wage', id })),
  invariants: [
    breakerTrips({ turns: turnsMax }),
    idempotencyKeysDisciplined({ kinds: ['wage'] }),
    noPartialEffects(),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 16 }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 10, tokens: 30_000, usd: 0.3, seconds: 400 } },
})
