import { defineFault } from '../fault.js'

export const looping = defineFault({
  name: 'model/looping',
  summary: 'The model asks for its last tool call once more, although it has the answer.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'repeat-last-call' } }),
})
