/** Trials of a trivial agent with ever more injections in the plan, and with ever more tools in the world. */
import { runTrial } from 'agent-chaos'
import type { Sides } from '../measuring/process.js'
import { twentyTools } from '../scenarios/twenty-tools.js'

export const counts = [1, 10, 100, 1_000] as const

const planOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `tool:tool0#${index + 1} = tool/slow(delay: 100)`).join('; ')

/** `none`, and by count `injections-N` and `tools-N`. */
export const sides: Sides = async () => {
  const few = twentyTools('few')
  const works: Record<string, () => unknown> = { none: () => runTrial(few) }
  for (const count of counts) {
    const plan = planOf(count)
    const many = twentyTools('many', count)
    works[`injections-${count}`] = () => runTrial(few, { plan })
    works[`tools-${count}`] = () => runTrial(many)
  }
  return works
}
