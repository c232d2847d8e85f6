import { defineFault } from '../fault.js'

export const staleResult = defineFault({
  name: 'tool/stale-result',
  summary:
    'The tool runs, and its caller is told what the last equal call was told, as by a cache that is out of date.',
  class: 'deceptive',
  boundaries: ['tool'],
  params: {},
  action: () => ({ kind: 'rewrite', edit: { kind: 'earlier', call: 'equal' } }),
})
