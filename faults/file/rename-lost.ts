import { defineFault } from '../fault.js'

export const renameLost = defineFault({
  name: 'file/rename-lost',
  summary: 'A rename is acknowledged and has not happened: the old files are there, as after a loss of power.',
  class: 'deceptive',
  boundaries: ['file'],
  needs: ['rename'],
  params: {},
  action: () => ({ kind: 'pretend', result: null }),
})
