/** The notation by example: what each form means, and what a refusal says and where. */
import { describe, expect, it } from 'vitest'
import {
  catalogue,
  decodePlan,
  encodePlan,
  type FaultDescription,
  type Injection,
  type Plan,
} from '../../../faults/index.js'
import { encodeAddress } from '../../../faults/plan/notation.js'
import { encodeSite } from '../../../faults/plan/quote.js'

const httpUnavailable: FaultDescription = {
  name: 'http/unavailable',
  summary: 'The service answers 503.',
  class: 'transient',
  boundaries: ['http'],
  needs: [],
  companion: false,
  worsens: [],
  params: {},
  actions: ['reject'],
}
const faults = [...catalogue, httpUnavailable]

function plan(text: string): Plan {
  const decoded = decodePlan(text, faults)
  if (decoded.kind === 'refused') throw new Error(decoded.error.message)
  return decoded.plan
}

function refusal(text: string) {
  const decoded = decodePlan(text, faults)
  if (decoded.kind === 'plan') throw new Error(`read as ${encodePlan(decoded.plan)}`)
  return decoded.error
}

function use(fault: string, params = {}): Injection['faults'] {
  return [{ fault, params }]
}

describe('decodePlan', () => {
  it('reads one occurrence as its first attempt', () => {
    expect(plan('tool:refund#1 = tool/reply-lost')).toEqual([
      {
        sites: [{ boundary: 'tool', target: 'refund' }],
        when: { kind: 'span', from: 1, to: 1, attempt: 1 },
        faults: use('tool/reply-lost'),
      },
    ])
  })

  it('reads a span of occurrences at every attempt, and parameters as they were given', () => {
    expect(plan('model:*#3..5.* = model/overloaded(retryAfter: "9999999")')).toEqual([
      {
        sites: [{ boundary: 'model', target: '*' }],
        when: { kind: 'span', from: 3, to: 5, attempt: 'every' },
        faults: use('model/overloaded', { retryAfter: '9999999' }),
      },
    ])
  })

  it('reads an outage from a crossing of a quoted target', () => {
    expect(plan('http:"POST api.stripe.com/v1/refunds"#1 +30s = http/unavailable')).toEqual([
      {
        sites: [{ boundary: 'http', target: 'POST api.stripe.com/v1/refunds' }],
        when: { kind: 'outage', from: 1, ms: 30_000 },
        faults: use('http/unavailable'),
      },
    ])
  })

  it('reads an outage of several sites by the clock', () => {
    expect(plan('{model:*, http:*} @10s..40s = model/unavailable, http/unavailable')).toEqual([
      {
        sites: [
          { boundary: 'model', target: '*' },
          { boundary: 'http', target: '*' },
        ],
        when: { kind: 'window', fromMs: 10_000, toMs: 40_000 },
        faults: [...use('model/unavailable'), ...use('http/unavailable')],
      },
    ])
  })

  it.each([
    ['#2', { kind: 'span', from: 2, to: 2, attempt: 1 }],
    ['#2.3', { kind: 'span', from: 2, to: 2, attempt: 3 }],
    ['#2.*', { kind: 'span', from: 2, to: 2, attempt: 'every' }],
    ['#2..4', { kind: 'span', from: 2, to: 4, attempt: 1 }],
    ['#2..4.3', { kind: 'span', from: 2, to: 4, attempt: 3 }],
    ['#2..', { kind: 'onward', from: 2 }],
    ['#2 x3', { kind: 'series', from: 2, count: 3, every: 1 }],
    ['#2 x3/2', { kind: 'series', from: 2, count: 3, every: 2 }],
    ['#2../2', { kind: 'series', from: 2, count: null, every: 2 }],
    ['#2 +1.5s', { kind: 'outage', from: 2, ms: 1500 }],
    ['#2+10m', { kind: 'outage', from: 2, ms: 600_000 }],
    ['@0s..500ms', { kind: 'window', fromMs: 0, toMs: 500 }],
    ['@1h..', { kind: 'window', fromMs: 3_600_000, toMs: null }],
  ])('reads tool:search%s', (when, expected) => {
    expect(plan(`tool:search${when} = tool/unavailable`).map((injection) => injection.when)).toEqual([expected])
  })

  it('selects by argument, nested ones by a dotted name', () => {
    expect(
      plan('tool:refund{orderId="42", customer.tags=["a", {"b": null}], "odd name"=-1.5}#1 = tool/not-run'),
    ).toEqual([
      expect.objectContaining({
        sites: [
          {
            boundary: 'tool',
            target: 'refund',
            where: { orderId: '42', 'customer.tags': ['a', { b: null }], 'odd name': -1.5 },
          },
        ],
      }),
    ])
  })

  it('reads no injection from blank text, separators and comments', () => {
    expect(plan('')).toEqual([])
    expect(plan(' ;; \n\r\n // nothing is planned; really\n;')).toEqual([])
  })

  it('parts injections by semicolons and line breaks, and passes comments', () => {
    const text = `// the refund times out
      tool:refund#1 = tool/reply-lost   // and was done
      tool:search#2.. = tool/unavailable; model:*#1=model/timeout`
    expect(encodePlan(plan(text))).toBe(
      'tool:refund#1 = tool/reply-lost; tool:search#2.. = tool/unavailable; model:*#1 = model/timeout',
    )
  })

  it('takes a double slash for a comment only after white space, so that addresses keep theirs', () => {
    expect(plan('http:"GET http://a/b"#1 = http/unavailable; http:a//b#1 = http/unavailable').length).toBe(2)
  })

  it('lets brackets run over several lines', () => {
    const text = '{\n  model:*, // both\n  tool:*\n} @1s.. = model/overloaded(\n  retryAfter: "1"\n)'
    expect(encodePlan(plan(text))).toBe('{model:*, tool:*} @1s.. = model/overloaded(retryAfter: "1")')
  })
})

describe('encodePlan', () => {
  it.each([
    ['tool : refund # 1 . 2=tool/not-run( timeout :5 )', 'tool:refund#1.2 = tool/not-run(timeout: 5)'],
    ['{tool:"a"}@0m..60000ms=tool/not-run()', 'tool:a @0s..1m = tool/not-run'],
    ['tool:"a b"#3..3=tool/not-run', 'tool:"a b"#3 = tool/not-run'],
    ['tool:a#1 +90s=tool/not-run', 'tool:a#1 +90s = tool/not-run'],
    ['tool:a#1 +0.5h=tool/not-run', 'tool:a#1 +30m = tool/not-run'],
    ['tool:a{b=-0, c=1e2}#1=tool/not-run', 'tool:a{b=0, c=100}#1 = tool/not-run'],
    ['tool:"\\u00fcber\\u202e"#1=tool/not-run', 'tool:"über\\u202e"#1 = tool/not-run'],
    ['tool:über#01=tool/not-run,tool/duplicate', 'tool:über#1 = tool/not-run, tool/duplicate'],
  ])('writes %s in the one form', (text, canonical) => {
    expect(encodePlan(plan(text))).toBe(canonical)
  })

  it('joins injections on one line', () => {
    expect(encodePlan(plan('tool:a#1=tool/not-run\ntool:b#1=tool/not-run'))).toBe(
      'tool:a#1 = tool/not-run; tool:b#1 = tool/not-run',
    )
  })
})

describe('encodeAddress', () => {
  const site = { boundary: 'tool', target: 'refund' } as const

  it('names the attempt where it is not the first', () => {
    expect(encodeAddress({ site, occurrence: 2, attempt: 1 })).toBe('tool:refund#2')
    expect(encodeAddress({ site, occurrence: 2, attempt: 3 })).toBe('tool:refund#2.3')
  })

  it('quotes a site only where it must', () => {
    expect(encodeSite({ boundary: 'model', target: 'claude-opus-5-5' })).toBe('model:claude-opus-5-5')
    expect(encodeSite({ boundary: 'http', target: 'POST a/b' })).toBe('http:"POST a/b"')
    expect(encodeSite({ boundary: 'tool', target: '' })).toBe('tool:""')
  })
})

describe('a refusal', () => {
  it.each([
    ['tool:refund#1', 13, '"=" and a fault after "tool:refund#1", got end of text'],
    ['tool:refund#1\n= tool/not-run', 13, '"=" and a fault after "tool:refund#1", got end of line'],
    ['tool:refund#1 =', 15, 'the name of a fault, got end of text'],
    ['tool', 4, '":" and a target after "tool", got end of text'],
    ['tool:#1', 5, 'a target after "tool:" (letters, digits, . _ - / *; others in quotes), got "#"'],
    ['tool:a = tool/not-run', 7, /^"#" and an occurrence, or "@" and a window, after "tool:a" .*, got "="$/],
    ['http:POST a#1 = x', 10, /quoted\), got "a"$/],
    ['tool:a#0 = tool/not-run', 7, 'an occurrence from 1 after "#", got "0"'],
    ['tool:a#1.0 = tool/not-run', 9, 'an attempt from 1 or "*" after ".", got "0"'],
    ['tool:a#5..3 = tool/not-run', 10, 'a last occurrence from 5, got "3"'],
    ['tool:a#1...* = tool/not-run', 10, '"=" and a fault after "tool:a#1..", got ".*"'],
    ['tool:a#99999999999999999999 = x', 7, /up to 9007199254740991, got "99999999999999999999"$/],
    ['tool:a#1 +0s = tool/not-run', 10, 'a duration above zero after "+", got "0s"'],
    ['tool:a#1 +0.5ms = tool/not-run', 10, /in whole milliseconds up to 9007199254740991, got "0.5ms"$/],
    ['tool:a#1 +9999999999999h = x', 10, /in whole milliseconds up to 9007199254740991, got "9999999999999h"$/],
    ['tool:a#1 +30 = tool/not-run', 13, 'a unit of time (h, m, s or ms), got "="'],
    ['tool:a @40s..10s = tool/not-run', 13, 'an end after the start of the window, got "10s"'],
    ['tool:a @10s..10s = tool/not-run', 13, 'an end after the start of the window, got "10s"'],
    ['tool:a @10s = tool/not-run', 12, '".." after the start of the window, got "="'],
    ['{tool:a, tool:b}#1 = tool/not-run', 16, /^"@" and a window of time after "{tool:a, tool:b}", as .* got "#"$/],
    ['{} @1s.. = tool/not-run', 0, 'at least one site in the group, got "{}"'],
    ['tool:a{b=x}#1 = tool/not-run', 9, 'a JSON value (text stands in double quotes), got "x"'],
    ['tool:a{b=1, b=2}#1 = tool/not-run', 12, '"b" only once, got "b"'],
    [
      'tool:"a#1 = tool/not-run',
      24,
      'a closing double quote on the same line, got end of text after "a#1 = tool/not-run',
    ],
    ['tool:"a\nb"#1', 7, 'a closing double quote on the same line, got end of line after "a'],
    ['tool:"a\\x"#1', 7, 'a JSON escape such as \\n or \\u0041, got "\\\\x"'],
    ['tool:a{b=1e999}#1', 9, 'a number that is not too large, got "1e999"'],
    ['tool:a#1 = model/timeout', 11, 'a fault that can strike tool, got "model/timeout", which strikes only model'],
    [
      '{tool:a, http:b} @1s.. = tool/not-run, model/timeout',
      39,
      'a fault that can strike tool or http, got "model/timeout", which strikes only model',
    ],
    ['tool:a#1 = tool/duplicate(times: 9)', 33, 'a whole number from 1 to 5 for "times", got 9'],
    ['tool:a#1 = tool/duplicate(times: "2")', 33, 'a whole number from 1 to 5 for "times", got "2"'],
    ['model:a#1 = model/stream-cut(how: "x")', 34, '"reset" or "clean-end" or "stall" for "how", got "x"'],
    ['tool:a#1 = tool/duplicate(times: 1, times: 1)', 36, '"times" only once, got "times"'],
    ['tool:a#1 = tool/duplicate(times 1)', 32, '":" and a value after "times", got "1"'],
    ['tool:a#1 = tool/duplicate(times: 1', 34, '"," or ")", got end of text'],
    ['tool:a#1 = tool/unavailable(x: 1)', 28, '")", as "tool/unavailable" has no parameters, got "x"'],
    ['tool:a#1 = tool/not-run tool:b#1', 24, /"," and a further fault, ";" or a line break after .*, got "tool"$/],
  ])('of %j says what was expected at %i', (text, offset, rule) => {
    const error = refusal(text)
    expect(error.offset).toBe(offset)
    expect(error.message.replace(/^expected /, '')).toEqual(
      typeof rule === 'string' ? rule : expect.stringMatching(rule),
    )
  })

  it('counts lines and columns from one, whatever ends a line', () => {
    expect(refusal('// first\r\n\n  tool:a#0')).toMatchObject({ offset: 20, line: 3, column: 10, got: '0' })
  })

  it('offers the valid names', () => {
    expect(refusal('tol:a#1').candidates).toEqual(['model', 'tool', 'effect', 'http', 'file'])
    expect(refusal('tool:a#1 = tool/reply-lots').candidates).toContain('tool/reply-lost')
    expect(refusal('tool:a#1 = tool/duplicate(tims: 1)')).toMatchObject({ got: 'tims', candidates: ['times', 'gap'] })
    expect(refusal('http:a#1 = tool/unavailable').candidates).toContain('http/unavailable')
    expect(refusal('tool:a#1 +3sec = tool/not-run')).toMatchObject({ got: 'sec', candidates: ['h', 'm', 's', 'ms'] })
  })

  it('comes from nesting without end too, and not from a stack that ran out', () => {
    const error = refusal(`tool:a{b=${'['.repeat(100_000)}`)
    expect(error.message).toBe('expected brackets that nest at most 64 deep, got "["')
  })

  it('shows long and invisible text shortened and escaped', () => {
    expect(refusal('\u001b[31m').message).toMatch(/got "\\u001b"$/)
    expect(refusal(`tool:a#1 = ${'x'.repeat(5000)}`).message.length).toBeLessThan(120)
    expect(refusal(`tool:"${'x'.repeat(5000)}"`).message.length).toBeLessThan(250)
  })
})
