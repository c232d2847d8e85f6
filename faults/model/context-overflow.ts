import { defineFault } from '../fault.js'

export const contextOverflow = defineFault({
  name: 'model/context-overflow',
  summary:
    'The conversation is longer than the model reads: the API refuses it, or the answer ends where the window is full.',
  class: 'definite',
  boundaries: ['model'],
  params: {
    how: {
      kind: 'choice',
      doc: 'refused for its tokens or for its bytes, or answered in part',
      values: ['too-long', 'too-large', 'cut'],
      default: 'too-long',
    },
  },
  action: ({ how }) =>
    how === 'cut'
      ? {
          kind: 'answer',
          reply: { kind: 'mistaken', mistake: { kind: 'text-cut', at: 0.5, stop: 'context-full' } },
        }
      : { kind: 'reject', code: how },
})
