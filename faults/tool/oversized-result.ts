import { defineFault } from '../fault.js'

export const oversizedResult = defineFault({
  name: 'tool/oversized-result',
  summary: 'The tool does its work, and its result comes with far more text than anybody wants to read.',
  class: 'resource',
  boundaries: ['tool'],
  params: {
    kilobytes: { kind: 'integer', doc: 'how much text comes beside the result', min: 1, max: 4_096, default: 64 },
  },
  action: ({ kilobytes }) => ({ kind: 'rewrite', edit: { kind: 'long', bytes: kilobytes * 1_024 } }),
})
