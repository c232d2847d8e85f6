/** What a failed call means decides all that is done about it. */
import { describe, expect, it } from 'vitest'
import { adviceMs, explain, Failure, failureIn, kindOf } from '../../../scenarios/agent/failure.js'

const withStatus = (status: number) => Object.assign(new Error('no'), { status })
const withCode = (code: string) => Object.assign(new Error('no'), { code })

describe('kindOf', () => {
  it.each([400, 401, 402, 403, 404, 413, 422])('takes a %d for good', (status) => {
    expect(kindOf(withStatus(status))).toBe('definite')
  })

  it.each([408, 429, 503, 529])('takes a %d for the moment', (status) => {
    expect(kindOf(withStatus(status))).toBe('transient')
  })

  it.each([409, 500, 502, 504])('does not know after a %d', (status) => {
    expect(kindOf(withStatus(status))).toBe('indeterminate')
  })

  it.each([
    ['ECONNREFUSED', 'transient'],
    ['ENOSPC', 'transient'],
    ['EACCES', 'definite'],
    ['ECONNRESET', 'indeterminate'],
    ['ETIMEDOUT', 'indeterminate'],
  ])('takes %s for %s', (code, kind) => {
    expect(kindOf(withCode(code))).toBe(kind)
    expect(kindOf(new TypeError('fetch failed', { cause: withCode(code) }))).toBe(kind)
  })

  it.each([[undefined], [null], ['a text'], [new TypeError('oops')]])('does not know after %s', (thrown) => {
    expect(kindOf(thrown)).toBe('indeterminate')
  })
})

describe('failureIn', () => {
  it('finds an error that was returned, and lets it be what it is', () => {
    const refused = withStatus(400)
    expect(failureIn(refused)).toBe(refused)
  })

  it.each([
    [{ error: 'no' }],
    [{ error: { type: 'internal' } }],
    [{ isError: true, content: [] }],
    [{ is_error: true }],
  ])('takes %j for a failure that may have done something', (answer) => {
    expect(kindOf(failureIn(answer))).toBe('indeterminate')
  })

  it.each([
    [undefined],
    [null],
    ['error'],
    [['error']],
    [{ error: null, id: 7 }],
    [{ isError: false }],
    [{ errors: 0 }],
  ])('takes %j for an answer', (answer) => {
    expect(failureIn(answer)).toBeUndefined()
  })
})

describe('adviceMs', () => {
  const adviceOf = (value: string) => adviceMs({ headers: new Headers({ 'retry-after': value }) })

  it('reads seconds', () => {
    expect([adviceOf('30'), adviceOf('0.5'), adviceOf('3600')]).toEqual([30_000, 500, 3_600_000])
  })

  it('reads dates', () => {
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString()
    expect(adviceOf(inTwoMinutes)).toBeGreaterThan(110_000)
  })

  it.each(['0', '-1', 'soon', '', '9999999', 'Wed, 31 Dec 2025 23:59:59 GMT'])('takes "%s" for no advice', (value) => {
    expect(adviceOf(value)).toBe(0)
  })

  it('finds none in an error without headers', () => {
    expect([adviceMs(new Error('no')), adviceMs(undefined)]).toEqual([0, 0])
  })
})

describe('explain', () => {
  it('says of a failure for good that it is of no use to try again', () => {
    expect(explain(new Failure('NO_SUCH_ORDER', 'there is no order 43', 'definite'))).toMatchObject({
      error_type: 'NO_SUCH_ORDER',
      message: 'there is no order 43',
      recoverable: false,
      suggestion: expect.stringContaining('Do not repeat'),
    })
  })

  it('says of one in doubt that it may be repeated', () => {
    expect(explain(withCode('ETIMEDOUT'))).toMatchObject({ error_type: 'ETIMEDOUT', recoverable: true })
  })
})
