/** What an executor tells of a scenario and of a trial, as plain data: whatever process it ran in, it is the same. */
import { describeFault } from '../../faults/fault.js'
import { errorFacts, stateText } from '../boundaries/calls/failures.js'
import type { Company } from '../contracts/beside.js'
import type { ScenarioFacts, TrialFailure, TrialRecord, TrialSpec } from '../contracts/executor.js'
import { besideAgent, unownedReading } from '../contracts/executor.js'
import type { Invariant } from '../contracts/invariant.js'
import { facesModel } from '../contracts/landing.js'
import { placeOf } from '../contracts/place.js'
import type { Scenario } from '../contracts/scenario.js'
import { shownPath } from '../contracts/shown-path.js'
import { crossingsOf, digestOf, type EventOf, siteName, type Trace } from '../contracts/trace.js'
import { breakerRemarks } from '../invariants/breaker/lint.js'
import { networkDuplicates } from '../invariants/reading/done-by-network.js'
import { recipeOf } from '../invariants/reading/recipe.js'
import { strayNote } from '../providers/strays.js'
import type { Thrown, TrialResult } from '../trial/trial-result.js'

export function factsOf(scenario: Scenario): ScenarioFacts {
  return {
    name: scenario.name,
    task: scenario.task,
    declaredAt: scenario.declaredAt,
    tags: scenario.tags,
    canary: scenario.expect?.violates ?? null,
    repairable: scenario.repaired !== null,
    isolate: scenario.isolate,
    facesModel: facesModel(scenario),
    budget: scenario.budget,
    pricesAsOf: Object.fromEntries(scenario.providers.map(({ name, prices }) => [name, prices.asOf])),
    faults: scenario.faults.map(describeFault),
    invariants: scenario.invariants.map((invariant) => invariantFacts(invariant, scenario)),
  }
}

function invariantFacts(invariant: Invariant, { listed }: Scenario): ScenarioFacts['invariants'][number] {
  const { name, kind, restatesGoal, harm, outcome, remedy, counts } = invariant
  const recipe = recipeOf(invariant)
  return {
    name,
    kind,
    listed: listed.includes(name),
    ...(restatesGoal && { restatesGoal }),
    ...(harm && { harm }),
    ...(outcome && { outcome }),
    ...(remedy !== undefined && { remedy }),
    ...(recipe && { recipe }),
    ...(counts && { counts }),
  }
}

export function recordOf(
  result: TrialResult,
  { invariants, providers }: Scenario,
  detail: TrialSpec['detail'],
): TrialRecord {
  const { trace, judgements, offered, unasked, waits, wire, console, places, company, unowned = [] } = result
  const isFull = detail !== 'brief'
  const failure = isFull ? failureOf(result) : undefined
  const breakers = breakerRemarks(trace, invariants)
  const struck = faultsStruckIn(trace)
  const cameBack = hasComeBack(trace, struck)
  const { plan, seed, end, claim, goal, spend, injections } = trace
  return {
    plan,
    seed,
    end,
    claim,
    goal,
    spend,
    crossings: trace.events.reduce((sum, event) => sum + (event.kind === 'call' ? 1 : 0), 0),
    landed: new Set(trace.events.flatMap((event) => (event.kind === 'fault' ? [event.crossing] : []))).size,
    injections,
    ...(cameBack !== undefined && { cameBack }),
    struck,
    strays: [
      ...straysIn(trace).map(({ method, url }) => ({ url, note: strayNote(providers, method, url) })),
      ...duplicatesIn(trace),
      ...(company ? companyNotes(company) : []),
      ...unowned.map(({ what, stack }) => ({
        url: `${unownedReading}${what} ${stack[0]}`,
        note: `${what} is read at ${stack.join(' < ')}: no seed repeats what it answers`,
      })),
    ],
    judgements,
    ...(breakers.length > 0 && { breakers }),
    ...(failure && { failure }),
    evidence: isFull
      ? {
          trace,
          digest: digestOf(trace),
          ...(wire && { wire }),
          ...(console && { console }),
          ...(places && { places }),
        }
      : null,
    ...(isFull && { offered, unasked, waits }),
  }
}

/** Whether a site that an outage had struck was called again when it was over; nothing where no outage struck. */
function hasComeBack(trace: Trace, struck: TrialRecord['struck']): boolean | undefined {
  const ends = trace.injections.flatMap(({ endsAt, status }) =>
    endsAt !== null && status === 'landed' ? [endsAt] : [],
  )
  if (ends.length === 0) return undefined
  const sites = new Set(struck.map(({ site }) => site))
  const overAt = Math.max(...ends)
  return trace.events.some((event) => event.kind === 'call' && event.at >= overAt && sites.has(siteName(event.site)))
}

/** A state may be of any size; this much is kept. */
const stateCharactersMost = 20_000

function failureOf({ trace, state, thrown }: TrialResult): TrialFailure | undefined {
  if (!thrown && trace.goal !== false) return undefined
  return {
    ...(thrown && failureFacts(thrown)),
    ...(trace.goal === false && { state: stateText(state).slice(0, stateCharactersMost) }),
  }
}

function failureFacts(thrown: Thrown): TrialFailure {
  if ('exitAt' in thrown) return { where: thrown.exitAt }
  return { error: errorFacts(thrown.error), where: placeOf(thrown.error) }
}

/** Each address once. */
function straysIn({ events }: Trace): readonly EventOf<'stray-request'>[] {
  const strays = events.flatMap((event) => (event.kind === 'stray-request' ? [[event.url, event] as const] : []))
  return [...new Map(strays.reverse()).values()].reverse()
}

/** Noted once for each site, as strays are: no client can prevent it, and whoever runs the service may. */
function duplicatesIn(trace: Trace): TrialRecord['strays'] {
  const crossings = crossingsOf(trace)
  return networkDuplicates(trace).flatMap(({ crossing, effect }) => {
    const site = crossings[crossing] && siteName(crossings[crossing].call.site)
    const note =
      `the network delivered ${site} twice, and "${effect.kind}" took effect twice: the service takes no idempotency ` +
      'keys, so that its client cannot prevent it'
    return site === undefined ? [] : [{ url: site, note }]
  })
}

/** What the agent began beside itself: its bounds are others, and a reader is to know them. */
function companyNotes({ programs, hasThreads, written }: Company): TrialRecord['strays'] {
  const named = programs.join(', ')
  return [
    ...(programs.length === 0
      ? []
      : [
          {
            url: `${besideAgent}${named}`,
            note: `the agent started ${named}: no fault strikes there, and its network is not guarded`,
          },
        ]),
    ...(hasThreads
      ? [
          {
            url: `${besideAgent}threads`,
            note: 'a thread ran beside the agent: no fault strikes there, and what it prints is not kept with the trial',
          },
        ]
      : []),
    ...(written.length === 0 ? [] : [{ url: `${besideAgent}files`, note: writtenNote(written) }]),
  ]
}

const writtenShownMost = 3
/** Before an agent may change it. */
const folder = process.cwd()

function writtenNote(written: readonly string[]): string {
  const shown = written.slice(0, writtenShownMost).map((path) => shownPath(path, folder))
  const more = written.length - shown.length
  const paths = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return `the agent wrote outside its folder (files.dir), to ${paths}: no fault strikes there, and trials behind it find it`
}

/** Which faults took effect where, each pair once. */
export function faultsStruckIn(trace: Trace): TrialRecord['struck'] {
  const sites = new Map<number, string>()
  const struck = new Map<string, { site: string; fault: string }>()
  for (const event of trace.events) {
    if (event.kind === 'call') sites.set(event.crossing, siteName(event.site))
    if (event.kind !== 'fault') continue
    const site = sites.get(event.crossing) ?? ''
    struck.set(`${site} ${event.fault}`, { site, fault: event.fault })
  }
  return [...struck.values()]
}
