/** One event of a trace in one line of words. */
import type { End, EventOf, KilledWhy, TraceEvent } from '../../harness/contracts/trace.js'
import type { Marks } from '../drawing/style.js'
import { oneLine } from '../drawing/text.js'
import { classWords, seconds } from '../drawing/words.js'
import { addressText, errorText, inputPreview, outcomePreview } from './preview.js'

/** Not cut to any width; expects an event that is cleaned. `label` says which call an answer belongs to. */
export function eventText(event: TraceEvent, marks: Marks, label: string | undefined): string {
  switch (event.kind) {
    case 'call':
      return `${marks.call} ${addressText(event)}  ${inputPreview(event)}`
    case 'return':
      return `${marks.answer} ${label === undefined ? '' : `${label}  `}${outcomePreview(event)}`
    case 'fault':
      return `${marks.fault} ${event.fault} (${event.class}: ${classWords[event.class]})`
    case 'effect':
      return `${marks.effect} ${effectText(event)}`
    case 'breaker':
      return `${marks.milestone} ${breakerText(event)}`
    case 'span':
      return `${marks.milestone} span ${spanText(event)}`
    case 'unhandled':
      return `${marks.fault} unhandled ${event.how}: ${errorText(event.error)}`
    case 'stray-request':
      return `${marks.fault} refused a request to the real network: ${event.method} ${event.url}`
    case 'cancel':
      return `${marks.milestone} whoever gave the task calls it off`
    case 'restart':
      return `${marks.milestone} the agent is started again after a crash, attempt ${event.attempt}${event.memory ? ', its modules as they were' : ''}`
    case 'claim':
      return `${marks.milestone} the agent claims ${event.claim}: ${claimText(event)}`
    case 'left-running':
      return `${marks.milestone} the agent left running: ${leftText(event)}`
    case 'end':
      return `${marks.milestone} ${endText(event.end)}`
  }
}

function effectText({ effect, key, status, steps, stepsTotal }: EventOf<'effect'>): string {
  const identity = key === null ? 'no key' : `key ${JSON.stringify(key)}`
  return `${effect.kind} ${JSON.stringify(effect.id)} ${statusText(status, steps.length, stepsTotal)}, ${identity}`
}

function statusText(status: EventOf<'effect'>['status'], steps: number, stepsTotal: number): string {
  switch (status) {
    case 'applied':
      return 'applied'
    case 'partial':
      return `applied in part (${steps} of ${stepsTotal} steps)`
    case 'replayed':
      return 'not applied again: it had been done before'
    case 'refused':
      return 'refused'
  }
}

function breakerText(event: EventOf<'breaker'>): string {
  return `the breaker before ${event.breaker} ${newsText(event)}`
}

function newsText(news: EventOf<'breaker'>): string {
  switch (news.event) {
    case 'observed':
      return `is observed, and is ${news.state.replace('-', ' ')}`
    case 'opened':
      return news.by ? 'is opened by hand' : 'opens'
    case 'closed':
      return news.by ? 'is closed by hand' : 'closes'
    case 'half-opened':
      return 'is half open'
    case 'succeeded':
      return 'counts a success'
    case 'failed':
      return 'counts a failure'
    case 'ignored':
      return 'ignores a failure'
    case 'rejected':
      return 'turns a call away'
    case 'spared':
      return 'answers a call that it spares'
  }
}

function spanText({ name, startMs, endMs, status }: EventOf<'span'>): string {
  return `${oneLine(name)}  ${seconds(startMs)} to ${seconds(endMs)} s${status === 'unset' ? '' : `, ${status}`}`
}

function claimText({ result, error }: EventOf<'claim'>): string {
  return error === undefined ? oneLine(result) || 'no result' : errorText(error)
}

function leftText({ what, count, longestMs }: EventOf<'left-running'>): string {
  const when = what === 'timers' ? 'due within' : 'every'
  return `${count} ${count === 1 ? what.slice(0, -1) : what}, ${when} ${seconds(longestMs)} s`
}

/** How a trial ended, in words. */
export function endText(end: End): string {
  switch (end.kind) {
    case 'returned':
      return 'end: the agent returned'
    case 'threw':
      return 'end: the agent threw'
    case 'deadlock':
      return 'end: deadlock, nothing was left to wait for and the agent had not ended'
    case 'horizon':
      return 'end: its time or turns ran out'
    case 'exited':
      return `end: the process exited with ${end.code}`
    case 'crashed':
      return 'end: an exception that nobody caught'
    case 'crash-loop':
      return `end: crashed ${end.attempts} times, which is as often as it is started again`
    case 'stuck':
      return `end: stuck on real work (${end.resources.join(', ')})`
    case 'killed':
      return `end: the watchdog ended it (${killedText(end.why)})`
  }
}

function killedText(why: KilledWhy): string {
  switch (why) {
    case 'unresponsive':
      return 'it did not answer'
    case 'blocked':
      return 'it was blocked'
    case 'overlong':
      return 'it went on for too long'
    case 'starved':
      return 'it had hardly any processor time'
    case 'unknown':
      return 'it took too long'
    case 'memory':
      return 'it took too much memory'
    case 'died':
      return 'its process died'
  }
}
