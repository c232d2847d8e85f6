import { defineFault } from '../fault.js'

const message = 'The request could not be processed.'
const results = {
  error: { error: { type: 'internal_error', message } },
  isError: { isError: true, content: [{ type: 'text', text: message }] },
} as const

export const errorAsResult = defineFault({
  name: 'tool/error-as-result',
  summary: 'The tool does nothing, and answers with a result that tells of an error, where it should have failed.',
  class: 'deceptive',
  boundaries: ['tool'],
  params: {
    style: {
      kind: 'choice',
      doc: 'how the result tells of it: an `error` in it, or marked as in the Model Context Protocol',
      values: ['error', 'isError'],
      default: 'error',
    },
  },
  action: ({ style }) => ({ kind: 'pretend', result: results[style] }),
})
