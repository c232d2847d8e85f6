/**
 * The laws of providers, as checks that any test runner can run: `for (const { name, check } of providerLaws(subject))`.
 * Each asks the vendor's own client, for what it cannot read no agent can.
 */
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict'
import { modelFailureCodes } from '../../faults/action.js'
import { type Block, type Conversation, type Reply, type Usage, wholeBlocksOf } from '../contracts/conversation.js'
import { type Arrived, refusalReasons } from '../contracts/failure.js'
import { priceOf } from '../contracts/prices.js'
import { type ProviderSession, simulatedKeyMark, type WireRequest } from '../contracts/provider.js'
import { ask, openSession, type Respond } from './line.js'
import { modelsIds, question, replies, talk } from './samples.js'
import type { Subject } from './subject.js'

/** One law. `check` rejects with an error that tells how the law is broken. */
export interface Law {
  readonly name: string
  readonly check: () => Promise<void>
}

/**
 * The laws of a provider, one check each: `for (const { name, check } of providerLaws(subject))`. They ask the vendor's
 * own client and need no network.
 */
export function providerLaws(subject: Subject): readonly Law[] {
  return Object.entries(laws).map(([name, check]) => ({ name, check: () => check(subject) }))
}

const usage: Usage = { inputTokens: 1234, outputTokens: 56 }
const writing =
  (reply: Reply): Respond =>
  (session, call) =>
    session.write(call, reply, usage)

const laws: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  'is found at its own origin, and where the user says that it is': async (subject) => {
    const { provider } = subject
    const own = await ask(subject, question(subject), writing(replies.text))
    strictEqual(own.taken.by, 'own')
    const named = await ask(subject, question(subject), writing(replies.text), { baseURL: 'https://gateway.example/x' })
    strictEqual(named.taken.by, 'named')
    strictEqual(new URL(provider.origins[0]).origin, provider.origins[0])
  },

  'gives clients a key that is known for a dummy': async ({ provider: { environment } }) => {
    ok(environment.key.includes(simulatedKeyMark), `the key lacks "${simulatedKeyMark}"`)
    ok(environment.keyIn.length > 0, 'no variable holds the key')
  },

  'knows the price of its model, and the day of its list': async ({ provider: { prices }, model }) => {
    const price = priceOf(model, prices.models)
    ok(price && price.input >= 0 && price.output >= 0, `no price of ${model}`)
    match(prices.asOf, /^\d{4}-\d{2}-\d{2}$/)
    ok(!Number.isNaN(Date.parse(prices.asOf)), `${prices.asOf} is no day`)
  },

  'reads a conversation as the client sent it': async (subject) => {
    const sent = talk(subject)
    for (const stream of [false, true]) {
      const { read } = await ask(subject, sent, writing(replies.text), { stream })
      if (read.kind === 'refusal') throw new Error(`the request was refused: ${read.message}`)
      strictEqual(read.stream, stream)
      ok(read.inputTokens > 0, 'a conversation costs tokens')
      deepStrictEqual(comparable(read.conversation, subject), comparable(sent, subject))
    }
  },

  'writes answers that the client reads whole, at once and streamed': async (subject) => {
    for (const [reply, stream] of everyAnswer()) {
      const wire = onWire(reply, subject)
      const { reply: seen } = await ask(subject, question(subject), writing(wire), { stream })
      deepStrictEqual(joinText(seen.blocks), joinText(wire.blocks))
      strictEqual(seen.stop, subject.provider.apis[subject.api]?.stops[reply.stop])
      deepStrictEqual(seen.usage, usage)
    }
  },

  'is read the same wherever its bytes are parted': async (subject) => {
    for (const [reply, stream] of everyAnswer()) {
      const wire = onWire(reply, subject)
      for (const pieceBytes of [1, 2, 3, 7, 64]) {
        const { reply: seen } = await ask(subject, question(subject), writing(wire), { stream, pieceBytes })
        deepStrictEqual([pieceBytes, joinText(seen.blocks)], [pieceBytes, joinText(wire.blocks)])
      }
    }
  },

  'streams an answer of some length in several events': async (subject) => {
    const session = openSession(subject)
    let chunks = 0
    const respond: Respond = (_, call) => {
      const answer = session.write(call, onWire(replies.calls, subject), usage)
      chunks = answer.chunks.length
      return answer
    }
    await ask(subject, question(subject), respond, { session, stream: true })
    ok(chunks > 3, `only ${chunks} chunks`)
  },

  'gives ids of tool calls that come back as they went': async (subject) => {
    const { callIds } = subject.provider
    for (const id of modelsIds) strictEqual(callIds.read(callIds.write(id)), id)
    strictEqual(new Set(modelsIds.map(callIds.write)).size, modelsIds.length)
    const { reply } = await ask(subject, question(subject), writing(onWire(replies.calls, subject)))
    const calls = reply.blocks.filter((block) => block.kind === 'tool-call')
    const answers = calls.map(({ id }): Block => ({ kind: 'tool-result', id, failed: false, text: 'ok' }))
    const before = question(subject)
    const messages: Conversation['messages'] = [
      ...before.messages,
      { role: 'assistant', blocks: wholeBlocksOf(reply) },
      { role: 'user', blocks: answers },
    ]
    const { read } = await ask(subject, { ...before, messages }, writing(replies.text))
    if (read.kind === 'refusal') throw new Error(`the results were refused: ${read.message}`)
    const results = read.conversation.messages.flatMap(({ blocks }) => blocks).filter(isResult)
    deepStrictEqual(
      results.map(({ id }) => callIds.read(id)),
      callsIn(replies.calls),
    )
  },

  'answers each failure as the vendor documents': async (subject) => {
    for (const code of modelFailureCodes) {
      const { status, isSeen } = subject.failures[code]
      strictEqual(subject.provider.statusOf(code), status, code)
      strictEqual(openSession(subject).fail(code).status, status, code)
      for (const stream of [false, true]) {
        const error = await rejection(ask(subject, question(subject), (session) => session.fail(code), { stream }))
        ok(isSeen(error), `${code}: the client threw ${String(error)}`)
      }
    }
  },

  'puts retry-after and retry-after-ms on the wire as they stand, and a message where one is given': async (
    subject,
  ) => {
    for (const retryAfter of ['1', '-1', 'soon', '9999999']) {
      const { headers } = openSession(subject).fail('rate-limited', { retryAfter, retryAfterMs: retryAfter })
      strictEqual(headers['retry-after'], retryAfter)
      strictEqual(headers['retry-after-ms'], retryAfter)
    }
    match(openSession(subject).fail('rate-limited', { message: 'As told.' }).chunks.join(''), /As told\./)
    strictEqual(openSession(subject).fail('rate-limited').headers['retry-after'], undefined)
  },

  'breaks a stream off with an error that the client throws, wherever it stands': async (subject) => {
    let length = 1
    for (let kept = 0; kept < length; kept++) {
      const respond: Respond = (session, call) => {
        const answer = session.write(call, onWire(replies.calls, subject), usage)
        length = answer.chunks.length
        const sent = answer.chunks.slice(0, kept)
        return { ...answer, chunks: [...sent, session.failInStream('server-error', sent.join(''))] }
      }
      const error = await rejection(ask(subject, question(subject), respond, { stream: true }))
      ok(subject.isStreamError(error), `after ${kept} of ${length} events the client threw ${String(error)}`)
    }
  },

  'tells exactly what of an answer had arrived, wherever it is cut': async (subject) => {
    for (const [reply, stream] of everyAnswer()) {
      const wire = onWire(reply, subject)
      const respond: Respond = (session, call) => {
        const answer = session.write(call, wire, usage)
        arrivesAsItIs(wire, answer.chunks.join(''), (bytes) => session.arrived(call, bytes))
        return answer
      }
      await ask(subject, question(subject), respond, { stream })
    }
  },

  'is not disturbed by keep-alives': async (subject) => {
    const wire = onWire(replies.calls, subject)
    const respond: Respond = (session, call) => {
      const answer = session.write(call, wire, usage)
      return { ...answer, chunks: answer.chunks.flatMap((chunk) => [session.ping(), chunk]) }
    }
    const { reply } = await ask(subject, question(subject), respond, { stream: true })
    deepStrictEqual(joinText(reply.blocks), joinText(wire.blocks))
  },

  'refuses what is no request of its own, in words and with a status': async (subject) => {
    for (const body of ['', 'no JSON', '[]', '{}']) {
      const read = openSession(subject).read(requestWith(body, subject))
      if (read.kind === 'call') throw new Error(`${JSON.stringify(body)} was accepted`)
      ok(read.status >= 400 && read.status < 500, `status ${read.status}`)
      strictEqual(read.answer.status, read.status)
      ok(refusalReasons.includes(read.reason), `reason ${read.reason}`)
      ok(read.message !== '' && read.model !== '', 'neither message nor model may be empty')
    }
  },

  'gives the same bytes in every session, and goes on from a snapshot as if it had not been taken': async (subject) => {
    const answers = async (restored: boolean) => {
      let session = openSession(subject)
      const seen: unknown[] = []
      const respond: Respond = (current, call) => {
        const answer = current.write(call, onWire(replies.calls, subject), usage)
        seen.push(answer, current.fail('rate-limited'))
        return answer
      }
      for (let turn = 0; turn < 3; turn++) {
        await ask(subject, question(subject), respond, { session })
        if (restored) session = reopen(session, subject)
      }
      return seen
    }
    deepStrictEqual(await answers(false), await answers(false))
    deepStrictEqual(await answers(true), await answers(false))
  },
}

/** Nothing at first, all of it in the end, and in between ever more of it: no call counts as whole before it is. */
function arrivesAsItIs({ blocks }: Reply, bytes: string, arrived: (bytes: string) => Arrived): void {
  const text = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
  const calls = blocks.flatMap((block) =>
    block.kind === 'tool-call' ? [{ id: block.id, name: block.name, input: block.input }] : [],
  )
  deepStrictEqual(arrived(''), { text: '', toolCalls: [] })
  deepStrictEqual(arrived(bytes), { text, toolCalls: calls })
  let before = arrived('')
  for (let length = 1; length < bytes.length; length++) {
    const now = arrived(bytes.slice(0, length))
    ok(text.startsWith(now.text) && now.text.startsWith(before.text), `after ${length}: the text "${now.text}"`)
    deepStrictEqual(now.toolCalls, calls.slice(0, now.toolCalls.length))
    ok(now.toolCalls.length >= before.toolCalls.length, `after ${length}: a call is gone again`)
    if (now.partial) {
      const { id, name } = calls[now.toolCalls.length] ?? {}
      deepStrictEqual([now.partial.id, now.partial.name], [id, name])
    }
    before = now
  }
}

function* everyAnswer(): Generator<readonly [Reply, boolean]> {
  for (const reply of Object.values(replies)) for (const stream of [false, true]) yield [reply, stream]
}

function reopen(session: ProviderSession, { provider, api }: Subject): ProviderSession {
  const memory = JSON.parse(JSON.stringify(session.snapshot()))
  return provider.apis[api]?.open(memory) ?? session
}

function onWire(reply: Reply, { provider: { callIds } }: Subject): Reply {
  const blocks = reply.blocks.map((block) =>
    block.kind === 'tool-call' ? { ...block, id: callIds.write(block.id) } : block,
  )
  return { ...reply, blocks }
}

/** Clients may put neighbouring texts together. */
function joinText(blocks: Reply['blocks']): unknown[] {
  const text = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
  return [text, ...blocks.filter((block) => block.kind === 'tool-call').map(({ id, name, input }) => [id, name, input])]
}

/** What every wire carries of a conversation. */
function comparable({ model, system, tools, messages }: Conversation, { marksFailures }: Subject): unknown {
  const blocks = messages.flatMap(({ role, blocks }) => blocks.map((block) => ({ role, block })))
  return {
    model,
    system,
    tools,
    blocks: blocks.map(({ role, block }) => [
      role,
      block.kind === 'tool-result' && !marksFailures ? { ...block, failed: false } : block,
    ]),
  }
}

function isResult(block: Block): block is Extract<Block, { kind: 'tool-result' }> {
  return block.kind === 'tool-result'
}

function callsIn({ blocks }: Reply): string[] {
  return blocks.flatMap((block) => (block.kind === 'tool-call' ? [block.id] : []))
}

function requestWith(body: string, { provider, api }: Subject): WireRequest {
  const [route] = provider.apis[api]?.routes ?? []
  const url = `${provider.origins[0]}${(route?.path ?? '/').replace('*', 'x')}`
  return { method: route?.method ?? 'POST', url, header: () => 'x', headers: () => ({}), body }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('the client took it for an answer')
}
