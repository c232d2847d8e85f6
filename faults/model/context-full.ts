import { defineFault } from '../fault.js'

export const contextFull = defineFault({
  name: 'model/context-full',
  summary:
    'The answer of the model ends in the middle of its text, for the conversation fills what the model can read.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {
    at: { kind: 'share', doc: 'how much of the text comes', mildest: 1, default: 0.5 },
  },
  action: ({ at }) => ({
    kind: 'answer',
    reply: { kind: 'mistaken', mistake: { kind: 'text-cut', at, stop: 'context-full' } },
  }),
})
