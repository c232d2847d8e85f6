import { defineFault } from '../fault.js'

export const maxTokens = defineFault({
  name: 'model/max-tokens',
  summary: 'The answer of the model is truncated at its greatest length in tokens, in the middle of its text.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {
    at: { kind: 'share', doc: 'how much of the text comes', mildest: 1, default: 0.5 },
  },
  action: ({ at }) => ({
    kind: 'answer',
    reply: { kind: 'mistaken', mistake: { kind: 'text-cut', at, stop: 'max-tokens' } },
  }),
})
