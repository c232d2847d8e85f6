import { defineFault } from '../fault.js'

export const insisting = defineFault({
  name: 'model/insisting',
  summary: 'The model asks for a failed tool call again and never gives up.',
  class: 'behavioural',
  boundaries: ['model'],
  companion: true,
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'insist' } }),
})
