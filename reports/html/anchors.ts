/**
 * Where links lead. An anchor is made of names alone and not of positions, so that a link to a violation still leads
 * there after another run.
 */
import type { ScenarioReport, ViolationReport } from '../../harness/contracts/report/report.js'

export function scenarioAnchor({ name }: Pick<ScenarioReport, 'name'>): string {
  return `scenario-${slug(name)}`
}

/** One of each invariant and signature in a scenario. */
export function violationAnchor(
  { name }: Pick<ScenarioReport, 'name'>,
  { invariant, signature }: Pick<ViolationReport, 'invariant' | 'signature'>,
): string {
  return `violation-${slug(name)}.${slug(invariant)}.${slug(signature)}`
}

const slugMost = 48

/** Letters, digits and hyphens. Where that loses something, a hash of the whole name keeps names apart. */
function slug(name: string): string {
  const plain = name
    .slice(0, slugMost)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return plain === name ? plain : `${plain}-${hash(name)}`
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return value.toString(16).padStart(8, '0')
}
