/** What a server of a queue says: whether it may yet be back, and what is wrong where it will not. */
import { describe, expect, it } from 'vitest'
import { isOfConnection, isStarting } from '../../../../harness/executors/queue/engine.js'
import { postgres } from '../../../../harness/executors/queue/postgres.js'
import { redis } from '../../../../harness/executors/queue/redis.js'

const errorOf = (message: string, code?: string) => Object.assign(new Error(message), { code })

describe('a server that is away', () => {
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'],
    ['Connection terminated unexpectedly', undefined],
    ['timeout exceeded when trying to connect', undefined],
    ['the database system is starting up', '57P03'],
    ['sorry, too many clients already', '53300'],
  ])('may be back: %s', (message, code) => {
    expect(isOfConnection(errorOf(message, code))).toBe(true)
  })

  it.each([
    ['invalid input syntax for type json', '22P02'],
    ['Missing lock for job 1', undefined],
  ])('is not what is wrong: %s', (message, code) => {
    expect(isOfConnection(errorOf(message, code))).toBe(false)
  })
})

describe('a server that starts', () => {
  it.each([
    ['the database system is starting up', '57P03', true],
    ['LOADING Redis is loading the dataset in memory', undefined, true],
    ['connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED', false],
  ])('is waited for from the beginning: %s', (message, code, waited) => {
    expect(isStarting(errorOf(message, code))).toBe(waited)
  })
})

describe('a server that says no', () => {
  it.each([
    [redis, 'WRONGPASS invalid username-password pair', undefined, 'takes other credentials'],
    [redis, 'Redis version needs to be greater or equal than 5.0.0 Current: 4.0.9', undefined, 'is too old'],
    [postgres, 'password authentication failed for user "me"', '28P01', 'takes other credentials'],
    [postgres, 'database "x" does not exist', '3D000', 'has no such database'],
    [postgres, 'permission denied for database x', '42501', 'lets this user make nothing'],
  ])('is explained: %#', (engine, message, code, why) => {
    expect(engine.explain(errorOf(message, code), 'redis://h')).toContain(why)
  })

  it('is asked by TLS, or without, as its address says', () => {
    const [late, reset] = [errorOf('connect ETIMEDOUT', 'ETIMEDOUT'), errorOf('write ECONNRESET', 'ECONNRESET')]
    expect(redis.explain(late, 'rediss://h')).toContain('expected redis://')
    expect(redis.explain(reset, 'redis://h')).toContain('expected rediss://')
    expect(redis.explain(late, 'redis://h')).toBeUndefined()
  })

  it('is not explained by what only sounds alike', () => {
    expect(redis.explain(errorOf('SSL routines:ssl3_get_record:wrong version number'), 'rediss://h')).toBeUndefined()
    expect(postgres.explain(errorOf('connect ECONNREFUSED', 'ECONNREFUSED'), 'postgres://h/x')).toBeUndefined()
  })
})
