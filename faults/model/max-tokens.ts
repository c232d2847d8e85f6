import { defineFault } from '../fault.js'
import { cutIn, cutPart } from '../params/cut-part.js'

export const maxTokens = defineFault({
  name: 'model/max-tokens',
  summary: 'The answer of the model is truncated at its greatest length in tokens, within its text or a tool call.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {
    at: { kind: 'share', doc: 'how much of the text, or of the input, comes', mildest: 1, default: 0.5 },
    in: cutPart,
  },
  action: ({ at, in: part }) => ({
    kind: 'answer',
    reply: { kind: 'mistaken', mistake: cutIn(part, at, 'max-tokens') },
  }),
})
