import { defineFault } from '../fault.js'

export const repeatedCall = defineFault({
  name: 'model/repeated-call',
  summary: 'The model asks for one call twice in one answer.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'mistaken', mistake: { kind: 'call-twice' } } }),
})
