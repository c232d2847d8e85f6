/** Invariants that nothing in the scenario can put to the test: listed, they would make every run of it inconclusive. */
import type { Fault } from '../../faults/fault.js'
import type { Checks } from '../contracts/checks.js'
import type { Invariant } from '../contracts/invariant.js'

/** `listed` are those that the scenario asks for, and `faced` the faults that it faces. */
export function refuseIdle(listed: readonly Invariant[], faced: readonly Fault[], { refuse }: Checks): void {
  for (const { name, idle, underClass } of listed) {
    const never = `invariants: "${name}" can never apply`
    if (idle !== undefined) refuse(`${never}: ${idle}`)
    if (underClass === undefined || faced.some((fault) => fault.class === underClass)) continue
    const here = `the scenario faces no fault of class "${underClass}", by which alone it is put to the test`
    refuse(`${never}: ${here}; name that class in "faults"`)
  }
}
