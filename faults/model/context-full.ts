import { defineFault } from '../fault.js'
import { cutIn, cutPart } from '../params/cut-part.js'

export const contextFull = defineFault({
  name: 'model/context-full',
  summary:
    'The answer of the model ends within its text or a tool call, for the conversation fills what the model can read.',
  class: 'behavioural',
  boundaries: ['model'],
  params: {
    at: { kind: 'share', doc: 'how much of the text, or of the input, comes', mildest: 1, default: 0.5 },
    in: cutPart,
  },
  action: ({ at, in: part }) => ({
    kind: 'answer',
    reply: { kind: 'mistaken', mistake: cutIn(part, at, 'context-full') },
  }),
})
