/** Which faults a scenario faces, from how its author names them. */
import { type Fault, type FaultClass, faultClasses, withoutIdleCompanions } from '../../faults/fault.js'
import type { Checks } from '../contracts/checks.js'
import { didYouMean } from '../contracts/errors.js'

type Given = readonly (Fault | string)[] | undefined

/**
 * Faults as given, and those that a name or a class stands for; by default all but the deceptive and what goes with them. What
 * begins with "-" is left out, and where nothing else is given, left out of the default.
 */
export function faceFaults(given: Given, catalogue: readonly Fault[], checks: Checks): readonly Fault[] {
  const usual = withoutIdleCompanions(catalogue.filter((fault) => fault.class !== 'deceptive'))
  if (given === undefined) return usual
  checks.list('faults', given, 'a fault, a name or a class', isFault)
  const find = (name: string) => faultsNamed(name, catalogue, checks)
  const without = new Set(given.flatMap((entry) => (isLeftOut(entry) ? find(entry.slice(1)) : [])))
  const faced = given.filter((entry) => !isLeftOut(entry))
  const all =
    faced.length === 0 && without.size > 0
      ? usual
      : faced.flatMap((each) => (typeof each === 'string' ? find(each) : [each]))
  const some = [...new Set(all)].filter((fault) => !without.has(fault))
  const twice = some.find(({ name }, index) => some.findIndex((other) => other.name === name) !== index)
  if (twice) checks.refuse(`faults: two faults are named "${twice.name}", and a plan could not tell them apart`)
  return some
}

function isFault(value: Partial<Fault> | null): boolean {
  return typeof value === 'string' || (typeof value?.name === 'string' && typeof value.action === 'function')
}

function isLeftOut(entry: Fault | string): entry is string {
  return typeof entry === 'string' && entry.startsWith('-')
}

function faultsNamed(name: string, catalogue: readonly Fault[], checks: Checks): readonly Fault[] {
  if (faultClasses.includes(name as FaultClass)) return catalogue.filter((fault) => fault.class === name)
  const found = catalogue.filter((fault) => fault.name === name)
  const known = [...catalogue.map((fault) => fault.name), ...faultClasses]
  if (found.length === 0) checks.refuse(`faults: no fault and no class is named "${name}".${didYouMean(name, known)}`)
  return found
}
