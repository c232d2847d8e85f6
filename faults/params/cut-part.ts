/** What of a model's answer is cut short, for faults by which it ends too early. */
import type { Mistake } from '../action.js'

/** The text comes first: nobody can mistake half of it for something to be run. */
export const cutPart = {
  kind: 'choice',
  doc: 'what it ends in: its text, or the input of its last tool call',
  values: ['text', 'call'],
  default: 'text',
} as const

type Cut = Extract<Mistake, { kind: 'text-cut' | 'call-cut' }>

export function cutIn(part: (typeof cutPart.values)[number], at: number, stop: Cut['stop']): Mistake {
  return { kind: part === 'text' ? 'text-cut' : 'call-cut', at, stop }
}
