/** Which plans a search may try, where only some are asked for: by site, by fault or by class of faults. */
import { type FaultClass, type FaultDescription, faultClasses } from '../../faults/fault.js'
import { decodeSite } from '../../faults/plan/notation.js'
import type { Injection, Plan } from '../../faults/plan/plan.js'
import { mayMeet } from '../../faults/site.js'

/** Terms parted by commas: `tool:refund`, `http:*`, `tool/reply-lost`, `indeterminate`; whatever is none is part of a scenario's name. */
export interface Terms {
  readonly only?: string | undefined
  readonly skip?: string | undefined
}

/** Whether the scenario is asked for by its name. */
export function isScenarioWanted(name: string, { only, skip }: Terms): boolean {
  const names = (terms: string | undefined) => split(terms).filter((term) => kindOf(term) === 'scenario')
  const asked = names(only)
  return (
    (asked.length === 0 || asked.some((term) => name.includes(term))) &&
    !names(skip).some((term) => name.includes(term))
  )
}

/** Whether a plan may be tried: each of its faults is asked for, and none is to be left out. A companion goes with the others. */
export function wantedBy({ only, skip }: Terms, faults: readonly FaultDescription[]): (plan: Plan) => boolean {
  const tests = (terms: string | undefined) =>
    split(terms)
      .filter((term) => kindOf(term) !== 'scenario')
      .map((term) => testFor(term, faults))
  const [asked, unwanted] = [tests(only), tests(skip)]
  const isCompanion = (one: Injection) =>
    one.faults.every(({ fault }) => faults.some(({ name, companion }) => companion && name === fault))
  return (plan) =>
    !plan.some((one) => unwanted.some((test) => test(one))) &&
    (asked.length === 0 || plan.every((one) => isCompanion(one) || asked.some((test) => test(one))))
}

/** Names of faults among the terms that the scenario does not face. */
export function unknownFaults({ only, skip }: Terms, faults: readonly FaultDescription[]): string[] {
  const named = [...split(only), ...split(skip)].filter((term) => kindOf(term) === 'fault')
  return named.filter((term) => !faults.some(({ name }) => name === term))
}

function split(terms = ''): string[] {
  return terms
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '')
}

function kindOf(term: string): 'site' | 'fault' | 'class' | 'scenario' {
  if (decodeSite(term).kind === 'site') return 'site'
  if (term.includes('/')) return 'fault'
  return faultClasses.includes(term as FaultClass) ? 'class' : 'scenario'
}

function testFor(term: string, faults: readonly FaultDescription[]): (injection: Injection) => boolean {
  const decoded = decodeSite(term)
  if (decoded.kind === 'site') return ({ sites }) => sites.some((site) => mayMeet(site, decoded.site))
  const names = new Set(faults.filter((fault) => fault.name === term || fault.class === term).map(({ name }) => name))
  return (injection) => injection.faults.some(({ fault }) => names.has(fault))
}
