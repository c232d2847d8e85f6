import { defineFault } from '../fault.js'

export const noSpace = defineFault({
  name: 'file/no-space',
  summary: 'The disk is full: the write fails with ENOSPC, and what it was to replace is gone already.',
  class: 'resource',
  boundaries: ['file'],
  needs: ['bytes'],
  params: { at: { kind: 'share', doc: 'share of the bytes that still fit', mildest: 1, default: 0 } },
  action: ({ at }) => ({ kind: 'tear', at, code: 'no-space' }),
})
