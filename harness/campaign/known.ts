/**
 * Violations that are known and are to be repaired later: a ratchet. They stand in a file of their own, to be looked at when it
 * changes. Others fail the run, and those that are gone are told.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { UserError } from '../contracts/errors.js'
import type { Report, ScenarioReport, ViolationReport } from '../contracts/report/report.js'
import { isSystemError, reasonOf } from '../contracts/system-error.js'

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
  const text = textOf(path, shown, mayBeMissing)
  if (text === undefined) return []
  const read = schema.safeParse(parse(text, shown))
  if (read.success) return read.data.violations
  const [issue] = read.error.issues
  throw new UserError(`expected a file of known violations: ${issue?.path.join('.')}: ${issue?.message}`, shown)
}

function textOf(path: string, shown: string, mayBeMissing: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const isMissing = isSystemError(error) && error.code === 'ENOENT'
    if (isMissing && mayBeMissing) return undefined
    throw new UserError(isMissing ? 'no such file; --update-known writes it' : reasonOf(error), shown)
  }
}

function parse(text: string, shown: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`expected JSON: ${error instanceof Error ? error.message : String(error)}`, shown)
  }
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

/** The text of the file after a run: what its scenarios show now, and what was known of all others. */
export function knownText({ scenarios, interrupted }: Report, before: KnownViolations): string {
  const looked = scenarios.filter(hasLooked)
  const isReplaced = (one: KnownViolation) => !interrupted && looked.some(({ name }) => name === one.scenario)
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
