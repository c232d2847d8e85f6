import { defineFault } from '../fault.js'

export const emptyResult = defineFault({
  name: 'tool/empty-result',
  summary: 'The tool does its work, and its result comes back with nothing in it.',
  class: 'deceptive',
  boundaries: ['tool'],
  params: {},
  action: () => ({ kind: 'rewrite', edit: { kind: 'empty' } }),
})
