/** The timeline of a trial: who called whom, what struck, what it shows, at every width and without any frills. */
import { describe, expect, it } from 'vitest'
import { encodeAddress } from '../../../faults/plan/notation.js'
import type { BreakerNews } from '../../../harness/contracts/breaker.js'
import { columnsOf } from '../../../reports/drawing/text.js'
import { timeline, trial } from '../../../reports/index.js'
import { addressText } from '../../../reports/reading/preview.js'
import { digest, events, judgements, trace } from '../../fixtures/cli/trace.js'

const plain = { width: 80, color: false, unicode: true }
const findings = { trace, digest, judgements, notes: ['the trace was the same twice'] }
const escapeCharacter = String.fromCharCode(27)

describe('timeline', () => {
  it.each([60, 80, 140])('keeps every line within %i columns', (width) => {
    const lines = timeline(trace, judgements, { ...plain, width }).split('\n')

    expect(lines.filter((line) => columnsOf(line) > width)).toEqual([])
  })

  it('marks the events that show a violation and tells its story under the last of them', () => {
    const lines = timeline(trace, judgements, plain).split('\n')

    const marked = lines.flatMap((line, index) => (line.startsWith('✖') ? [index] : []))
    expect(marked).toHaveLength(2)
    expect(lines[(marked[1] ?? 0) + 1]).toContain('✖ effects-exactly-once: The refund of order 42')
  })

  it('shows of a request to the model only what is new in it', () => {
    const text = timeline(trace, judgements, { ...plain, width: 140 })

    expect(text).toContain('→ model:claude-opus-5-5#2 error "ETIMEDOUT: no answer"')
    expect(text.match(/tell the customer/g)).toHaveLength(1)
  })

  it('says which call an answer belongs to where calls overlap', () => {
    const tool = (target: string, crossing: number) => ({
      at: 0,
      kind: 'call' as const,
      crossing,
      parent: null,
      site: { boundary: 'tool' as const, target },
      occurrence: 1,
      attempt: 1,
      request: { kind: 'call' as const, arguments: [{}] },
      identity: '',
      traits: [],
    })
    const answer = (crossing: number) => ({
      at: 1,
      kind: 'return' as const,
      crossing,
      outcome: { kind: 'ok' as const, output: 'done' },
    })
    const overlapping = { ...trace, events: [tool('first', 0), tool('second', 1), answer(0), answer(1)] }

    const text = timeline(overlapping, [], plain)
    expect(text).toContain('← tool:first#1 "done"')
    expect(text).toContain('← tool:second#1 "done"')
  })

  it('tells what circuit breakers go through', () => {
    const breakerEvent = (news: BreakerNews) => ({ at: 0, kind: 'breaker' as const, breaker: 'tool:search', ...news })
    const news: readonly BreakerNews[] = [
      { event: 'observed', state: 'half-open', fresh: false },
      { event: 'failed', tookMs: 5 },
      { event: 'opened' },
      { event: 'rejected' },
      { event: 'closed', by: 'hand' },
    ]
    const lines = timeline({ ...trace, events: news.map(breakerEvent) }, [], plain).split('\n')
    expect(lines.slice(1, -1).map((line) => line.replace(/^.*the breaker before tool:search /, ''))).toEqual([
      'is observed, and is half open',
      'counts a failure',
      'opens',
      'turns a call away',
      'is closed by hand',
    ])
  })

  it('does with ASCII alone and without colour', () => {
    expect(timeline(trace, judgements, { ...plain, unicode: false })).toMatch(/^[\n -~]*$/)
  })

  it('uses colour only when it is asked for', () => {
    expect(timeline(trace, judgements, plain)).not.toContain(escapeCharacter)
    expect(timeline(trace, judgements, { ...plain, color: true })).toContain(escapeCharacter)
  })

  it('neutralises control characters in what agents wrote', () => {
    const hostile = `a${escapeCharacter}[2Jb\r\nc\u202e`
    const claim = { at: 0, kind: 'claim' as const, claim: 'success' as const, result: hostile }
    const text = timeline({ ...trace, events: [claim] }, [], plain)

    expect(text).toContain('success: ab c')
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
  })

  it('tells a story whose evidence is not in the trace at the end', () => {
    const stray = [
      { invariant: 'odd', verdict: { kind: 'violated' as const, signature: 's', story: 'it broke', evidence: [99] } },
    ]

    expect(timeline(trace, stray, plain).trimEnd().endsWith('✖ odd: it broke')).toBe(true)
  })
})

describe('addresses', () => {
  it.each(['refund', 'a.b-c/d_*', 'POST api.example.com/v1/refunds', 'quo"te', 'naïve', ''])(
    'are written as in plans, for %j',
    (target) => {
      const address = { site: { boundary: 'http' as const, target }, occurrence: 2, attempt: 3 }
      const request = { kind: 'call' as const, arguments: [] }
      const call = {
        at: 0,
        kind: 'call' as const,
        crossing: 0,
        parent: null,
        request,
        identity: '',
        traits: [],
        ...address,
      }

      expect(addressText(call)).toBe(encodeAddress(address))
    },
  )
})

describe('trial', () => {
  it.each([60, 80, 140])('prints one trial with everything in it at %i columns', async (width) => {
    await expect(trial(findings, { ...plain, width })).toMatchFileSnapshot(`snapshots/trial-${width}.txt`)
  })

  it('names the injections that never landed and the sites that were reached', () => {
    const text = trial(findings, { ...plain, width: 140 })

    expect(text).toContain('tool:refund#5=tool/unavailable never landed: its crossing never came')
    expect(text).toContain('sites reached: model:claude-opus-5-5 (2), tool:refund (1), effect:refund (2)')
  })

  it.each([
    ['reached', 'its crossing came, and the fault had nothing to take hold of'],
    ['masked', 'an earlier injection had ended the crossing'],
  ] as const)('says why an injection that was %s never landed', (status, because) => {
    const injections = trace.injections.map((injection) => ({ ...injection, status }))

    expect(trial({ ...findings, trace: { ...trace, injections } }, { ...plain, width: 140 })).toContain(because)
  })

  it('says where a fault has no counterpart, and why', () => {
    const injections = trace.injections.map((it) => ({
      ...it,
      status: 'reached' as const,
      lack: 'nobody streams there',
    }))
    const text = trial({ ...findings, trace: { ...trace, injections } }, { ...plain, width: 140 })

    expect(text.replace(/\s+/g, ' ')).toContain('the fault has no counterpart there: nobody streams there')
  })

  it('names the calls that were never answered', () => {
    const hanging = { ...trace, events: events.slice(0, 5) }

    expect(trial({ ...findings, trace: hanging }, plain)).toContain('never answered: tool:refund#1, effect:refund#1')
  })
})
