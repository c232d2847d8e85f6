/** What the page tells of a trial, read from its trace. */
import { crossingsOf, type EventOf, type Trace } from 'agent-chaos'

const isModel = (site: { readonly boundary: string }) => site.boundary === 'model'

/** Requests to the model, and the virtual milliseconds between a failed one and the next. */
export function requestsOf(trace: Trace): { readonly count: number; readonly waits: readonly number[] } {
  const asked = crossingsOf(trace).filter(({ call }) => isModel(call.site))
  const waits = asked.slice(1).flatMap(({ call }, index) => {
    const before = asked[index]?.result
    return before?.outcome.kind === 'failed' ? [call.at - before.at] : []
  })
  return { count: asked.length, waits }
}

/** How often the tool was called, how often the message went out, and how often another than the task asks for. */
export function runsOf(trace: Trace): { readonly tools: number; readonly sent: number; readonly unasked: number } {
  const tools = crossingsOf(trace).filter(({ call }) => call.site.boundary === 'tool').length
  const applied = trace.events.flatMap((event) =>
    event.kind === 'effect' && event.status === 'applied' ? [event] : [],
  )
  const isAsked = (id: string) => trace.intents?.some((intent) => String(intent.id) === id) ?? true
  const sent = applied.filter(({ effect }) => isAsked(effect.id)).length
  return { tools, sent, unasked: applied.length - sent }
}

/** How the agent ended, and what nobody caught. */
export function endOf(trace: Trace): string {
  const unhandled = trace.events.filter((event) => event.kind === 'unhandled')
  const uncaught = unhandled.length === 0 ? '' : `, unhandled: ${unhandled.map(({ error }) => error.name).join(', ')}`
  return `${claimOf(trace)}${uncaught}`
}

function claimOf({ events, end }: Trace): string {
  const claim = events.find((event): event is EventOf<'claim'> => event.kind === 'claim')
  if (claim?.error) return `throws \`${claim.error.name}\``
  if (claim) return `resolves with ${resultOf(claim.result)}`
  const ends: Readonly<Record<string, string>> = { horizon: '**never ends**', deadlock: '**waits for ever**' }
  return ends[end.kind] ?? `ends: ${end.kind}`
}

function resultOf(result: string): string {
  if (result === '""' || result === '') return '**no text**'
  if (/Ada knows of it\./.test(result)) return 'the answer'
  return /Ada/.test(result) ? '**part of the answer**' : 'another text'
}

/** Virtual time in seconds. */
export function wait(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
}
