import { defineFault } from '../fault.js'

export const contextOverflow = defineFault({
  name: 'model/context-overflow',
  summary:
    'The model API refuses the conversation, for it is longer than the model reads or larger than the API takes.',
  class: 'definite',
  boundaries: ['model'],
  params: {
    how: {
      kind: 'choice',
      doc: 'refused for its tokens, or for its bytes',
      values: ['too-long', 'too-large'],
      default: 'too-long',
    },
  },
  action: ({ how }) => ({ kind: 'reject', code: how }),
})
