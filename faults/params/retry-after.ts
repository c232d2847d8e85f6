/**
 * What a refusal advises about coming back, sent as it stands. The samples are what servers really send, hostile ones
 * last. They lie closely where clients have their caps: at half a minute, one, two and ten.
 */
import type { Param, ParamValues } from './param.js'

/** A date that lies two minutes after a trial begins. */
const date = 'Thu, 01 Jan 2026 00:02:00 GMT'

export const advice = {
  retryAfter: {
    kind: 'text',
    doc: 'the retry-after header as it stands; empty for none',
    samples: ['', '1', '30', '45', '90', '171', '600', '3600', date, '0', '-1', 'soon', '9999999'],
    default: '',
    fits: 'header',
  },
  retryAfterMs: {
    kind: 'text',
    doc: 'the retry-after-ms header, which some vendors send beside it, as it stands; empty for none',
    samples: ['', '1500', '45000', '171000', '0', '-1', 'soon'],
    default: '',
    fits: 'header',
  },
} as const satisfies Record<string, Param>

/** As an action has it: what is empty is not sent. */
export function adviceOf({ retryAfter, retryAfterMs }: ParamValues<typeof advice>): {
  retryAfter?: string
  retryAfterMs?: string
} {
  return { ...(retryAfter !== '' && { retryAfter }), ...(retryAfterMs !== '' && { retryAfterMs }) }
}
