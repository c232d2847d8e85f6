import { defineFault } from '../fault.js'

export const tooManyOpen = defineFault({
  name: 'file/too-many-open',
  summary: 'The process has too many files open: opening one more fails with EMFILE, and nothing is changed.',
  class: 'transient',
  boundaries: ['file'],
  needs: ['opens'],
  params: {},
  action: () => ({ kind: 'tear', at: 0, code: 'too-many-open' }),
})
