/**
 * Style: the SDK's own loop, `beta.messages.toolRunner`, over a message thread. What makes it correct: the runner has a
 * bound on its iterations, and reaching it is no success; a run that breaks off is begun anew, on what is left of that
 * bound, which is safe because every change goes under a key that belongs to the email that it is about; and tools tell the model what went wrong in fields.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import { ToolError } from '@anthropic-ai/sdk/lib/tools/ToolError'
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

interface Helpdesk {
  customer(query: { readonly email: string }): Promise<{ readonly customerId: string }>
  openTicket(
    ticket: { readonly email: string; readonly topic: string },
    key: string,
  ): Promise<{ readonly ticket: string }>
}

type Filed = { readonly kind: 'filed'; readonly ticket: string } | { readonly kind: 'not-filed'; readonly why: string }

const iterationsMax = 10

async function file(
  email: { readonly id: string; readonly text: string },
  desk: Helpdesk,
  stop: AbortSignal,
): Promise<Filed> {
  const client = new Anthropic({ timeout: 30_000, maxRetries: 3 })
  let ticket: string | undefined
  const tools = [
    betaTool({
      name: 'customer',
      description: 'Finds a customer by email address.',
      inputSchema: { type: 'object', properties: { email: { type: 'string' } }, required: ['email'] },
      run: ({ email }) => report(stop, async () => desk.customer({ email: checkEmail(email) })),
    }),
    betaTool({
      name: 'openTicket',
      description: 'Opens the ticket for this email.',
      inputSchema: {
        type: 'object',
        properties: { email: { type: 'string' }, topic: { enum: ['billing', 'delivery'] } },
        required: ['email', 'topic'],
      },
      run: (input) =>
        report(stop, async () => {
          const { topic } = input
          if (topic !== 'billing' && topic !== 'delivery') throw wrong(`there is no topic ${topic}`)
          const opened = await desk.openTicket({ email: checkEmail(input.email), topic }, `ticket-for-${email.id}`)
          ticket = opened.ticket
          return opened
        }),
    }),
  ]
  for (let left = iterationsMax; ; left--) {
    try {
      const messages = [{ role: 'user' as const, content: email.text }]
      const params = { model: 'claude-opus-5-5', max_tokens: 1_024, max_iterations: left, messages, tools }
      const signal = AbortSignal.any([stop, AbortSignal.timeout(150_000)])
      const runner = client.beta.messages.toolRunner(params, { signal })
      let ended = 'nothing'
      for await (const { stop_reason } of runner) {
        left--
        ended = `${stop_reason}`
      }
      return ticket ? { kind: 'filed', ticket } : { kind: 'not-filed', why: `the model ended with ${ended}` }
    } catch (error) {
      if (ticket) return { kind: 'filed', ticket }
      // A status is an answer, which the SDK has dealt with; what has none broke off on its way.
      const answered = error instanceof Anthropic.APIError && error.status !== undefined
      // Called off at its own deadline, it may have been waiting as long as it was told to.
      const isLate = error instanceof Anthropic.APIUserAbortError
      if (answered || isLate || stop.aborted || left <= 1) return { kind: 'not-filed', why: (error as Error).message }
      await sleep(2_000, undefined, { signal: stop })
    }
  }
}

/**
 * The runner hands on what the model gave, whatever the schema says. One key goes with one payload, so an address is put in
 * one form, however the model spells it.
 */
function checkEmail(email: unknown): string {
  if (typeof email !== 'string') throw wrong('an email address is needed, as a text')
  return email.trim().toLowerCase()
}

function wrong(message: string): Error {
  return Object.assign(new Error(message), { status: 400 })
}

/** Up to three times; what then still fails is told to the model in a form that it can act on. */
async function report(stop: AbortSignal, work: () => Promise<object>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    stop.throwIfAborted()
    try {
      return JSON.stringify(await answerWithin(20_000, work()))
    } catch (error) {
      const { message, status } = error as Error & { readonly status?: number }
      const passes = status === undefined || status >= 500 || status === 429 || status === 409
      if (passes && attempt < 3) {
        await sleep(1_000 * attempt, undefined, { signal: stop })
        continue
      }
      const code = `${status ?? 'no answer'}`
      const hint = passes ? 'The system is not well; one more try may work.' : 'The request itself is wrong.'
      throw new ToolError(JSON.stringify({ error: { code, retryable: passes, message, hint } }))
    }
  }
}

function answerWithin<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

export default defineScenario({
  name: 'tool-runner',
  task: 'Email 7 of grace@example.com: "My parcel has not arrived." Open a ticket for it.',
  state: () => ({ tickets: [] as string[], byCustomer: {} as Record<string, string> }),
  world: ({ state, effect }) => {
    const desk: Helpdesk = {
      customer: async ({ email }) => ({ customerId: `c-${email.length}` }),
      openTicket: async ({ email, topic }, key) => {
        const insert = () => state.tickets.push(topic)
        const index = () => {
          state.byCustomer[email] = topic
        }
        await effect({ kind: 'ticket', intent: 'email 7', key, payload: { email, topic }, steps: [insert, index] })
        return { ticket: `T-${email.length}` }
      },
    }
    return { tools: desk }
  },
  model: script([
    call('customer', { email: 'grace@example.com' }),
    call('openTicket', { email: 'grace@example.com', topic: 'delivery' }),
    say('The ticket is open.'),
  ]),
  agent: ({ task, tools, signal }) => file({ id: '7', text: task }, tools, signal),
  claims: ({ kind }: Filed) => (kind === 'filed' ? 'success' : 'failure'),
  goal: ({ state }) => state.tickets.length === 1 && state.byCustomer['grace@example.com'] === 'delivery',
  intents: [{ kind: 'ticket', id: 'email 7' }],
  invariants: [
    breakerTrips({ turns: iterationsMax }),
    idempotencyKeysDisciplined({ kinds: ['ticket'] }),
    noPartialEffects(),
    toolErrorsStructured({ fields: { type: 'error.code', recoverable: 'error.retryable', suggestion: 'error.hint' } }),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ sites: ['tool:*'], requests: 3 }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 10, tokens: 40_000, usd: 0.5, seconds: 400 } },
})
