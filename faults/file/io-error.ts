import { defineFault } from '../fault.js'

export const ioError = defineFault({
  name: 'file/io-error',
  summary: 'The disk fails: the write ends with EIO and leaves nothing of it, which its caller cannot know.',
  class: 'indeterminate',
  boundaries: ['file'],
  params: {},
  action: () => ({ kind: 'tear', at: 0, code: 'io-error' }),
})
