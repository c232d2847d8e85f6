/**
 * What the agents of all frameworks are asked to do, so that what sets them apart is theirs: tell a customer something,
 * once. The message goes out by a client of their own, and the tool around it is in the framework's own shape.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, call, say, script } from 'agent-chaos'

interface Message {
  readonly to: string
  readonly text: string
  readonly idempotencyKey?: string | undefined
}

export interface Desk {
  /** What each customer has received. */
  readonly inboxes: Record<string, string[]>
  /** What the careful agent writes down: the message is known to have gone out. */
  done: boolean
}

/** What a framework's agent is given: the task, and what its tool does. */
export interface Ask {
  readonly task: string
  /** It is handed what the model wrote, and no schema holds all models to it. */
  readonly send: (input: Readonly<Record<string, unknown>>) => Promise<string>
  /** Makes the framework's own tools a boundary. */
  readonly instrument: <T>(tools: T) => T
  /** Bounds that a careful agent sets; without them the framework's own hold. */
  readonly signal?: AbortSignal
  readonly turnsMax?: number
}

/** An agent as its framework's documentation has it. It resolves to the last answer of the model. */
export type Answer = (ask: Ask) => Promise<unknown>

type Context = AgentContext<Desk, unknown>

const customer = 'ada'
const text = 'Your order 42 has been shipped.'

export const description = 'Sends a message to a customer.'

export const parameters = {
  type: 'object' as const,
  properties: { to: { type: 'string' as const }, text: { type: 'string' as const } },
  required: ['to', 'text'],
}

export const desk = {
  task: 'Tell ada that her order 42 has been shipped.',
  state: (): Desk => ({ inboxes: {}, done: false }),
  model: script([call('send_notification', { to: customer, text }), say('Ada knows of it.')]),
  goal: ({ state }: { readonly state: Desk }) => state.inboxes[customer]?.length === 1,
  intents: [{ kind: 'message', id: customer }],
  budget: { spend: { turns: 12, seconds: 300 } },
}

/** The service by which messages go out. */
function mailOf({ state, wrap }: Context): { send(message: Message): Promise<unknown> } {
  const mail = {
    async send({ to, text }: Message) {
      state.inboxes[to] = [...(state.inboxes[to] ?? []), text]
    },
  }
  return wrap(mail, {
    send: ({ to, text, idempotencyKey }: Message) => ({
      kind: 'message',
      intent: to,
      key: idempotencyKey,
      payload: { to, text },
    }),
  })
}

/** The framework's agent with a tool that does as it is told. Wrong on purpose: nothing keeps a message from going out twice. */
export function naive(answer: Answer) {
  return (context: Context) => {
    const mail = mailOf(context)
    const send: Ask['send'] = async (input) => {
      await mail.send(input as unknown as Message)
      return 'sent'
    }
    return answer({ task: context.task, instrument: context.instrument, send })
  }
}

/**
 * The same agent of the same framework. What makes it correct stands around it: the message goes out under a key that
 * belongs to the intent, in words of its own, to whom the task is about. Turns and time have an end. What it reports is
 * what it has written down, and not what the model says.
 */
export function careful(answer: Answer, turnsMax = 8) {
  return async (context: Context) => {
    const { task, instrument, signal, state } = context
    const stop = AbortSignal.any([signal, AbortSignal.timeout(240_000)])
    const send = sendOnce(mailOf(context), state, stop)
    if (!state.done) {
      await unlessStopped(stop, answer({ task, instrument, send, signal: stop, turnsMax })).catch((error) => {
        if (!state.done) throw error
      })
    }
    if (!state.done) throw new Error('The message is not known to have gone out.')
    return 'Ada was told.'
  }
}

function sendOnce(mail: ReturnType<typeof mailOf>, desk: Desk, stop: AbortSignal): Ask['send'] {
  return async ({ to }) => {
    if (to !== customer) throw Object.assign(new Error(`${to} is not concerned.`), { status: 400 })
    for (let attempt = 1; !desk.done; attempt++) {
      stop.throwIfAborted()
      try {
        await unlessStopped(
          AbortSignal.any([stop, AbortSignal.timeout(15_000)]),
          mail.send({ to, text, idempotencyKey: 'order 42 shipped' }),
        )
        desk.done = true
      } catch (error) {
        if (attempt === 3 || !mayPass(error)) throw error
        await sleep(1_000 * 2 ** attempt, undefined, { signal: stop })
      }
    }
    return 'sent'
  }
}

/** Of the statuses from 400 to 499 these alone say "later"; without a status nothing is known, and the key makes it safe. */
function mayPass(error: unknown): boolean {
  const { status = 500 } = error as { readonly status?: number }
  return status >= 500 || [408, 409, 425, 429].includes(status)
}

/** Frameworks do not all heed a signal, so whoever waits for one heeds it. */
function unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(stop.reason)
    if (stop.aborted) end()
    stop.addEventListener('abort', end, { once: true })
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', end))
  })
}
