import { defineFault } from '../fault.js'

export const spiralling = defineFault({
  name: 'model/spiralling',
  summary: 'The model answers with one plan after another, in other words each time, and never acts.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'plan' } }),
})
