/**
 * Every action that a crossing over a network can be given, with the variants that a client can tell apart. An action that
 * has none here does not compile.
 */
import {
  type Action,
  breakPlaces,
  type CrashPhase,
  type Ending,
  failureCodes,
  isEnding,
  type Modifier,
  modelFailureCodes,
  type Substitute,
  type Symptom,
} from '../../faults/action.js'
import type { ActionAt } from '../../faults/boundaries.js'

export type Networked = 'model' | 'http'
export type Variant<B extends Networked> = ActionAt<B>
type Variants<B extends Networked> = {
  readonly [K in ActionAt<B>['kind']]: readonly Extract<ActionAt<B>, { readonly kind: K }>[]
}

const phases: readonly CrashPhase[] = ['before', 'during', 'after']
const symptoms: readonly Symptom[] = ['timeout', 'reset', 'hang', 'exception']
const cuts = ['reset', 'clean-end', 'stall'] as const

const both = {
  delay: [{ kind: 'delay', ms: 2_500 }],
  'clock-jump': [{ kind: 'clock-jump', ms: -60_000 }],
  cancel: [{ kind: 'cancel' }],
  kill: [{ kind: 'kill', ms: 500 }],
  crash: phases.map((phase) => ({ kind: 'crash', phase }) as const),
  pace: [{ kind: 'pace', firstMs: 700, eachMs: 300, pings: 2 }],
  refuse: (['unresolved', 'refused'] as const).map((how) => ({ kind: 'refuse', how }) as const),
  drop: symptoms.flatMap((symptom) =>
    (['before', 'after'] as const).map((when) => ({ kind: 'drop', when, symptom, timeoutMs: 60_000 }) as const),
  ),
  cut: cuts.flatMap((how) => [0, 0.6].map((at) => ({ kind: 'cut', at, how }) as const)),
} as const

const substitutes: readonly Substitute[] = [
  { kind: 'repeat-last-call' },
  { kind: 'plan' },
  { kind: 'insist' },
  { kind: 'obey' },
  { kind: 'text', text: 'Straße 🚚' },
  { kind: 'mistaken', mistake: { kind: 'refusal' } },
  { kind: 'mistaken', mistake: { kind: 'empty' } },
  { kind: 'mistaken', mistake: { kind: 'text-cut', at: 0.5, stop: 'max-tokens' } },
  { kind: 'mistaken', mistake: { kind: 'call-cut', at: 0.5, stop: 'max-tokens' } },
  { kind: 'mistaken', mistake: { kind: 'malformed-input', how: 'half' } },
]

/** Each place once, with one way to end after the other. */
const breaks = breakPlaces.map(
  (place, index) => ({ kind: 'cut', at: 0.5, how: cuts[index % 3] ?? 'reset', place }) as const,
)

/** Advice that no client may take at its word, nor for leave to come back at once. */
const hostile = [
  ...['-1', 'soon', '9999999'].map((retryAfter) => ({ kind: 'reject', code: 'rate-limited', retryAfter }) as const),
  { kind: 'reject', code: 'rate-limited', retryAfterMs: '-1' } as const,
]

const model: Variants<'model'> = {
  ...both,
  reject: [...modelFailureCodes.map((code) => ({ kind: 'reject', code }) as const), ...hostile],
  cut: [...both.cut, ...breaks],
  'stream-error': [
    ...[0, 0.5].map((at) => ({ kind: 'stream-error', at, code: 'overloaded' }) as const),
    { kind: 'stream-error', at: 0.5, code: 'overloaded', place: 'in-input' },
  ],
  answer: substitutes.map((reply) => ({ kind: 'answer', reply }) as const),
}

const http: Variants<'http'> = {
  ...both,
  repeat: [{ kind: 'repeat', times: 2, gapMs: 400 }],
  reject: [...failureCodes.map((code) => ({ kind: 'reject', code }) as const), ...hostile],
  late: [{ kind: 'late', ms: 5_000, timeoutMs: 60_000 }],
  pretend: [{ kind: 'pretend', result: { id: 'made up' } }],
  rewrite: [
    { kind: 'rewrite', edit: { kind: 'empty' } },
    { kind: 'rewrite', edit: { kind: 'earlier', call: 'equal' } },
  ],
  poison: [{ kind: 'poison', token: 'T0KEN' }],
}

const table: Readonly<Record<Networked, Readonly<Record<string, readonly Action[]>>>> = { model, http }

/** None at first: the answer as it is. */
export function variantsAt(boundary: Networked): readonly (Action | undefined)[] {
  return [undefined, ...Object.values(table[boundary]).flat()]
}

export function treatmentOf(action: Action | undefined): { modifiers: Modifier[]; ending: Ending | undefined } {
  if (action === undefined) return { modifiers: [], ending: undefined }
  return isEnding(action) ? { modifiers: [], ending: action } : { modifiers: [action], ending: undefined }
}

/** `drop when=after symptom=reset`, for titles. */
export function nameOf(action: Action | undefined): string {
  if (action === undefined) return 'undisturbed'
  const { kind, ...facts } = action
  return [kind, ...Object.entries(facts).map(([name, value]) => `${name}=${textOf(value)}`)].join(' ')
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
