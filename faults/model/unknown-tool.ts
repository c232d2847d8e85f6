import { defineFault } from '../fault.js'

export const unknownTool = defineFault({
  name: 'model/unknown-tool',
  summary: 'The model calls a tool that is not on offer, with a name close to one that is.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'unknown-tool' } } }),
})
