import { defineFault } from '../fault.js'

export const credulous = defineFault({
  name: 'model/credulous',
  summary: 'The model does what an instruction in the result of a tool tells it to do.',
  class: 'behavioural',
  boundaries: ['model'],
  companion: true,
  worsens: ['poison'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'obey' } }),
})
