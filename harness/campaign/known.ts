/**
 * Violations that are known and are to be repaired later: a ratchet. They stand in a file of their own, to be looked at when it
 * changes. Others fail the run, and those that are gone are told.
 */
import { z } from 'zod'
import { UserError } from '../contracts/errors.js'
import type { Report, ScenarioReport, ViolationReport } from '../contracts/report/report.js'
import { readKept } from './kept-file.js'

const entry = z.object({ scenario: z.string(), invariant: z.string(), signature: z.string() })

const schema = z.object({
  format: z.literal('agent-chaos/known'),
  version: z.literal(1),
  violations: z.array(entry),
})

type KnownViolation = z.infer<typeof entry>

/** Of all scenarios. */
export type KnownViolations = readonly KnownViolation[]

/** Throws a `UserError` for what is no such file; `mayBeMissing`, where it is about to be written. */
export function readKnown(path: string, shown: string, mayBeMissing: boolean): KnownViolations {
  const kept = readKept(path, shown, schema, 'a file of known violations')
  if (kept === undefined && !mayBeMissing) throw new UserError('no such file; --update-known writes it', shown)
  return kept?.violations ?? []
}

/** Whether a violation of the scenario is among them. */
export function isAmong(known: KnownViolations, scenario: string) {
  return ({ invariant, signature }: Pick<ViolationReport, 'invariant' | 'signature'>): boolean =>
    known.some((one) => one.scenario === scenario && one.invariant === invariant && one.signature === signature)
}

type Looked = Pick<ScenarioReport, 'name' | 'verdict' | 'violations' | 'notes' | 'canary'>

/** The scenario with a note for each that it no longer shows. A part of its trials proves none gone. */
export function withGone<Found extends Looked>(found: Found, known: KnownViolations, isWhole: boolean): Found {
  if (!isWhole || !hasLooked(found)) return found
  const gone = known.filter((one) => one.scenario === found.name && !isShown(one, found))
  if (gone.length === 0) return found
  const notes = gone.map(
    ({ invariant, signature }) =>
      `a known violation was not seen any more: ${invariant} (${signature}); --update-known takes it out`,
  )
  return { ...found, notes: [...found.notes, ...notes] }
}

function hasLooked({ verdict, canary }: Pick<Looked, 'verdict' | 'canary'>): boolean {
  return canary === null && verdict !== 'broken' && verdict !== 'misconfigured'
}

function isShown({ invariant, signature }: KnownViolation, { violations }: Pick<Looked, 'violations'>): boolean {
  return violations.some((one) => one.invariant === invariant && one.signature === signature)
}

interface Selection {
  readonly only?: string | null | undefined
  readonly skip?: string | null | undefined
  readonly maxTime?: number | null | undefined
}

/** Whether a run was asked for a part of what it would try: what it does not show may be there all the same. */
export function isSelective({ only, skip, maxTime }: Selection): boolean {
  return [only, skip, maxTime].some((one) => one !== undefined && one !== null)
}

/** The text of the file after a run: what its scenarios show now, and what was known of all others. */
export function knownText({ scenarios, interrupted, options }: Report, before: KnownViolations): string {
  const looked = scenarios.filter(hasLooked)
  const isWhole = !interrupted && !isSelective(options ?? {})
  const isReplaced = (one: KnownViolation) => isWhole && looked.some(({ name }) => name === one.scenario)
  const found = looked.flatMap(({ name, violations }) =>
    violations
      .filter(({ status }) => status === 'confirmed')
      .map(({ invariant, signature }) => ({ scenario: name, invariant, signature })),
  )
  const kept = before.filter((one) => !isReplaced(one) && !found.some((other) => keyOf(other) === keyOf(one)))
  const violations = [...kept, ...found].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  return `${JSON.stringify({ format: 'agent-chaos/known', version: 1, violations }, null, 2)}\n`
}

function keyOf({ scenario, invariant, signature }: KnownViolation): string {
  return JSON.stringify([scenario, invariant, signature])
}
