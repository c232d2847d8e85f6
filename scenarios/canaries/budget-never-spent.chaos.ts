/** Wrong on purpose: an error budget that any number of failures fits into; the tickets never go to a person instead. */
import { defineScenario } from 'agent-chaos'
import { fallsBackWhenBudgetSpent } from 'agent-chaos/invariants'
import { shortBudget, shortDay, shortDayDesk } from '../support-desk/short-day.js'

export default defineScenario({
  ...shortDay,
  name: 'budget-never-spent',
  agent: shortDayDesk({ target: 0 }),
  invariants: [fallsBackWhenBudgetSpent({ ...shortBudget, primary: 'model:*', fallback: 'tool:escalate' })],
  expect: { violates: 'falls-back-when-budget-spent' },
  repaired: { agent: shortDayDesk() },
})
