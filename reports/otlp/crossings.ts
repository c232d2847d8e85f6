/** A span for everything that crossed a boundary, with what happened in it: faults that landed, changes to the world. */
import { isRemote } from '../../harness/contracts/boundary.js'
import type { EventOf, TraceEvent } from '../../harness/contracts/trace.js'
import { addressText, errorText, inputPreview, outcomePreview, siteText } from '../reading/preview.js'
import {
  attributesOf,
  type Ids,
  type OtlpSpan,
  type SpanEvent,
  spanEvent,
  spanKinds,
  statusCodes,
  unixNano,
} from './json.js'
import { endOf } from './root.js'

/** One that was never answered lasts until the agent's crash or the end. */
export function crossingSpans(events: readonly TraceEvent[], ids: Ids): OtlpSpan[] {
  const returns = new Map(
    events.flatMap((event) => (event.kind === 'return' ? [[event.crossing, event] as const] : [])),
  )
  const eventsIn = (call: EventOf<'call'>) =>
    events.filter(
      (event) => (event.kind === 'fault' || event.kind === 'effect') && event.crossing === call.crossing,
    ) as readonly (EventOf<'fault'> | EventOf<'effect'>)[]
  return events.flatMap((event, index) => {
    if (event.kind !== 'call') return []
    const cutOffAt = () => events.find((later, at) => at > index && later.kind === 'restart')?.at ?? endOf(events)
    return [crossingSpan(event, returns.get(event.crossing), eventsIn(event), cutOffAt, ids)]
  })
}

function crossingSpan(
  call: EventOf<'call'>,
  result: EventOf<'return'> | undefined,
  inside: readonly (EventOf<'fault'> | EventOf<'effect'>)[],
  cutOffAt: () => number,
  ids: Ids,
): OtlpSpan {
  const faults = inside.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))
  return {
    traceId: ids.trace,
    spanId: ids.crossing(call.crossing),
    parentSpanId: call.parent === null ? ids.root : ids.crossing(call.parent),
    name: addressText(call),
    kind: isRemote(call.site) ? spanKinds.client : spanKinds.internal,
    startTimeUnixNano: unixNano(call.at),
    endTimeUnixNano: unixNano(result?.at ?? cutOffAt()),
    attributes: attributesOf({
      'agent_chaos.site': siteText(call.site),
      'agent_chaos.boundary': call.site.boundary,
      'agent_chaos.occurrence': call.occurrence,
      'agent_chaos.attempt': call.attempt,
      'agent_chaos.input': inputPreview(call),
      'agent_chaos.answered': result !== undefined,
      'agent_chaos.output': result && outcomePreview(result),
      'agent_chaos.faults': faults.length > 0 ? faults : undefined,
      'error.type': result?.outcome.kind === 'failed' ? errorType(result.outcome.error) : undefined,
    }),
    events: inside.map(happening),
    status: statusOf(result),
  }
}

function statusOf(result: EventOf<'return'> | undefined): OtlpSpan['status'] {
  if (result === undefined) return {}
  const { outcome } = result
  return outcome.kind === 'ok'
    ? { code: statusCodes.ok }
    : { code: statusCodes.error, message: errorText(outcome.error) }
}

function errorType({ code, status, name }: EventOf<'unhandled'>['error']): string {
  return code ?? (status === undefined ? name : String(status))
}

/** A fault that landed, or a change to the world. */
function happening(event: EventOf<'fault'> | EventOf<'effect'>): SpanEvent {
  if (event.kind === 'fault') {
    return spanEvent(event.at, `fault ${event.fault}`, {
      'agent_chaos.fault': event.fault,
      'agent_chaos.fault.class': event.class,
      'agent_chaos.fault.actions': event.actions,
      'agent_chaos.fault.injection': event.injection,
    })
  }
  return spanEvent(event.at, `effect ${event.effect.kind}`, {
    'agent_chaos.effect': event.effect.kind,
    'agent_chaos.effect.intent': event.effect.id,
    'agent_chaos.effect.status': event.status,
    'agent_chaos.effect.key': event.key,
    'agent_chaos.effect.payload': event.payload,
    'agent_chaos.effect.steps': event.steps,
    'agent_chaos.effect.steps_total': event.stepsTotal,
  })
}
