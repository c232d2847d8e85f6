import { defineFault } from '../fault.js'

export const spendLimit = defineFault({
  name: 'model/spend-limit',
  summary: 'The model API refuses to go on, for a limit on spending was reached or the account has no credit.',
  class: 'definite',
  boundaries: ['model'],
  params: {
    how: {
      kind: 'choice',
      doc: 'what is used up',
      values: ['spend-limit', 'no-credit'],
      default: 'spend-limit',
    },
  },
  action: ({ how }) => ({ kind: 'reject', code: how }),
})
