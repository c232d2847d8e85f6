/** The situations in which each framework is watched: a plan, and what of the trial is told. */
import { crossingsOf, type Trace } from 'agent-chaos'
import { endOf, requestsOf, runsOf, wait } from './reading.js'

export interface Situation {
  readonly title: string
  readonly plan: string
  /** Of the trial, in few words. */
  readonly tell: (trace: Trace) => string
  /** Only where answers are streamed, or only where they are not. */
  readonly only?: 'streamed' | 'whole'
}

/** How often the model was asked, how long it waited in between, and how the agent ended. */
const tellRequests = (trace: Trace) => {
  const { count, waits } = requestsOf(trace)
  const after =
    waits.length === 0 ? '' : ` after ${waits.slice(0, 6).map(wait).join(', ')}${waits.length > 6 ? ', …' : ''}`
  return `${plural(count, 'request')}${after}; ${endOf(trace)}`
}

/** How often the tool ran, what went out, and how the agent ended. */
const tellRuns = (trace: Trace) => `${runs(trace)}; ${endOf(trace)}`

function runs(trace: Trace): string {
  const { tools, sent, unasked } = runsOf(trace)
  const twice = sent > 1 ? `, **sent ${sent} times**` : ''
  const wrong = unasked > 0 ? ', **sent what nobody asked for**' : ''
  return `tool × ${tools}${tools > 0 && sent + unasked === 0 ? ', nothing sent' : ''}${twice}${wrong}`
}

const tellBoth = (trace: Trace) => `${plural(requestsOf(trace).count, 'request')}; ${tellRuns(trace)}`

const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** What the model was told of a tool that failed. */
const tellReport = (trace: Trace) => {
  const results = crossingsOf(trace).flatMap(({ call }) =>
    call.request.kind === 'model' ? call.request.messages.flatMap(({ blocks }) => blocks) : [],
  )
  const failed = results.some((block) => block.kind === 'tool-result' && block.failed)
  const heard = results.some((block) => block.kind === 'tool-result')
  return `${heard ? (failed ? 'told as an error' : 'told as a result') : 'not told'}; ${tellRuns(trace)}`
}

const lasting = (fault: string) => `model:*#1.. = ${fault}`
const cut = (turn: number, how: string, place?: string) =>
  `model:*#${turn} = model/stream-cut(how: "${how}"${place ? `, place: "${place}"` : ''})`

/** By their headings. */
export const situations: Readonly<Record<string, readonly Situation[]>> = {
  'Refusals of the model API': [
    { title: '503, once', plan: 'model:*#1 = model/unavailable', tell: tellRequests },
    { title: '503, for ever', plan: lasting('model/unavailable'), tell: tellRequests },
    { title: 'overloaded (529 at Anthropic), for ever', plan: lasting('model/overloaded'), tell: tellRequests },
    {
      title: '429 with Retry-After: 2, for ever',
      plan: lasting('model/rate-limited(retryAfter: "2")'),
      tell: tellRequests,
    },
    {
      title: '429 with Retry-After: 90, once',
      plan: 'model:*#1 = model/rate-limited(retryAfter: "90")',
      tell: tellRequests,
    },
    { title: '400', plan: 'model:*#1 = model/bad-request', tell: tellRequests },
    { title: '503 for ever, from the second turn', plan: 'model:*#2.. = model/unavailable', tell: tellBoth },
    { title: 'connection reset, for ever', plan: lasting('model/connection-reset'), tell: tellRequests },
  ],
  'Answers that break off': [
    { title: 'reset in the middle', plan: cut(1, 'reset'), tell: tellBoth, only: 'whole' },
    { title: 'clean end in the middle', plan: cut(1, 'clean-end'), tell: tellBoth, only: 'whole' },
    {
      title: 'error event as the very first',
      plan: 'model:*#1 = model/stream-error(at: 0)',
      tell: tellBoth,
      only: 'streamed',
    },
    {
      title: 'error event before any content',
      plan: 'model:*#1 = model/stream-error(place: "before-content")',
      tell: tellBoth,
      only: 'streamed',
    },
    {
      title: 'error event behind a tool call',
      plan: 'model:*#1 = model/stream-error(place: "after-block")',
      tell: tellBoth,
      only: 'streamed',
    },
    { title: 'reset within a tool call', plan: cut(1, 'reset', 'in-input'), tell: tellBoth, only: 'streamed' },
    { title: 'clean end within a tool call', plan: cut(1, 'clean-end', 'in-input'), tell: tellBoth, only: 'streamed' },
    {
      title: 'clean end behind a whole tool call',
      plan: cut(1, 'clean-end', 'after-block'),
      tell: tellBoth,
      only: 'streamed',
    },
    { title: 'clean end within the last text', plan: cut(2, 'clean-end', 'in-text'), tell: tellBoth, only: 'streamed' },
    { title: 'silence in the middle', plan: cut(1, 'stall'), tell: tellBoth },
  ],
  'Tools that fail, models that err': [
    { title: 'tool throws, once', plan: 'tool:*#1 = tool/exception', tell: tellReport },
    { title: 'tool did its work, and its answer is lost', plan: 'tool:*#1 = tool/reply-lost', tell: tellRuns },
    {
      title: 'tool fails for ever, model insists',
      plan: 'tool:*#1.. = tool/unavailable; model:*#1.. = model/insisting',
      tell: tellBoth,
    },
    { title: 'model asks for the same call for ever', plan: 'model:*#2.. = model/looping', tell: tellBoth },
    { title: 'model calls a tool that is not there', plan: 'model:*#1 = model/unknown-tool', tell: tellReport },
    { title: 'input breaks the schema', plan: 'model:*#1 = model/invalid-input', tell: tellReport },
    { title: 'input is no JSON', plan: 'model:*#1 = model/malformed-input', tell: tellReport },
    {
      title: 'answer ends within a tool call (token limit)',
      plan: 'model:*#1 = model/max-tokens(in: "call")',
      tell: tellReport,
    },
    { title: 'empty answer', plan: 'model:*#1 = model/empty-answer', tell: tellBoth },
  ],
}
