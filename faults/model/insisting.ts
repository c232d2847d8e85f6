import { defineFault } from '../fault.js'

export const insisting = defineFault({
  name: 'model/insisting',
  summary: 'The model asks for a failed tool call again and never gives up.',
  class: 'behavioural',
  boundaries: ['model'],
  companion: true,
  // Whatever may make a call fail, for its caller at least.
  worsens: ['delay', 'repeat', 'refuse', 'reject', 'drop', 'cut', 'partial', 'late', 'tear'],
  params: {},
  action: () => ({ kind: 'answer', reply: { kind: 'insist' } }),
})
