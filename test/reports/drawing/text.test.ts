/** Text as a terminal shows it: cleaned, measured, cut and wrapped. */
import { describe, expect, it } from 'vitest'
import { clean, clip, clipApart, columnsOf, flow, hang, wrap } from '../../../reports/drawing/text.js'

describe('clean', () => {
  it('removes colour sequences and every other control character, and keeps line breaks', () => {
    expect(clean('\u001b[31mred\u001b[0m\u0000 \u0007bell\u009b1m\r\nnext\tcell')).toBe('red bell1m\nnext cell')
  })

  it('removes marks that reorder what is read', () => {
    expect(clean('safe\u202e\u2066evil\u2069')).toBe('safeevil')
  })
})

describe('clean, in the log of a CI job', () => {
  it.each([
    ['::error file=a::b', ': :error file=a::b'],
    ['and ::stop-commands::x', 'and : :stop-commands::x'],
    ['##[group]', '# #[group]'],
    ['##vso[task.setvariable variable=a]b', '# #vso[task.setvariable variable=a]b'],
    ["##teamcity[blockOpened name='a']", "# #teamcity[blockOpened name='a']"],
    [':\u200b:set-env name=a::b', ': :set-env name=a::b'],
    ['std::vector, a::b, ## heading', 'std::vector, a::b, ## heading'],
  ])('leaves no command: %s', (text, expected) => {
    expect(clean(text)).toBe(expected)
  })
})

describe('columnsOf', () => {
  it.each([
    ['plain', 5],
    ['', 0],
    ['✔', 1],
    ['⚡', 2],
    ['返金', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
  ])('counts %j as %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns)
  })
})

describe('columnsOf, of signs', () => {
  it('counts those that it knows as it does beside one that has to be looked at', () => {
    const codes = Array.from({ length: 0x2800 }, (_, code) => code).filter((code) => code < 0x300 || code >= 0x2000)
    const signs = codes.map((code) => String.fromCharCode(code)).filter((sign) => clean(sign) === sign && sign !== '\n')
    expect(signs.filter((sign) => columnsOf(sign) !== columnsOf(`${sign}返`) - 2)).toEqual([])
  })
})

describe('clip', () => {
  it('keeps what fits and shows what was cut', () => {
    expect(clip('refund', 6, '…')).toBe('refund')
    expect(clip('refunds', 6, '…')).toBe('refun…')
    expect(clip('返金返金', 5, '…')).toBe('返金…')
  })

  it('does not read a megabyte to show a line', () => {
    expect(clip('x'.repeat(10_000_000), 10, '...')).toBe('xxxxxxx...')
  })

  it('puts everything on one line', () => {
    expect(clip('a\n  b', 10, '…')).toBe('a b')
  })
})

describe('wrap', () => {
  it('breaks at spaces, and within words that are wider than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
  })

  it('keeps paragraphs apart', () => {
    expect(wrap('one\ntwo', 80)).toEqual(['one', 'two'])
  })
})

describe('hang', () => {
  it('gives later lines as much room as the first', () => {
    expect(hang('- ', 'one two three', 9)).toEqual(['- one two', '  three'])
  })
})

describe('flow', () => {
  it('breaks between parts and not within them', () => {
    expect(flow(['one two', 'three', 'four'], ', ', 14)).toEqual(['one two, three', 'four'])
  })
})

describe('several texts that are cut', () => {
  const long = 'x'.repeat(100)

  it('have the middle cut out where their ends alone differ', () => {
    const [one = '', other = ''] = clipApart([`key "${long}-1", sent`, `key "${long}-2", sent`], 30, '…')
    expect([one, other].every((text) => columnsOf(text) <= 30 && text.startsWith('key "xxxxx'))).toBe(true)
    expect(one).toContain('-1"')
    expect(other).toContain('-2"')
  })

  it.each([[['a', 'b']], [[`a${long}`, `b${long}`]], [[long, long]], [[long]], [[]]])(
    'are cut as each is by itself where that shows the difference, or there is none',
    (texts) => {
      expect(clipApart(texts, 30, '…')).toEqual(texts.map((text) => clip(text, 30, '…')))
    },
  )
})
