/** Proves that no secret of the user's gets into what is stored, and that nothing else is taken for one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutSecrets } from '../../../harness/campaign/redact.js'
import { simulatedKeyMark } from '../../../harness/contracts/provider.js'
import { redacted } from '../../../harness/contracts/secret-forms.js'

const clear = (data: unknown, environment = {}) => withoutSecrets(data, environment)

describe('a secret of the environment', () => {
  it.each(['STRIPE_KEY', 'GITHUB_TOKEN', 'CLIENT_SECRET', 'PGPASSWORD', 'DB_PASSWD', 'MYSQL_PWD', 'AWS_CREDENTIALS'])(
    'is found by its name: %s',
    async (name) => {
      expect(await clear({ note: 'paid with hunter2hunter2!' }, { [name]: 'hunter2hunter2' })).toEqual({
        note: `paid with ${redacted}!`,
      })
    },
  )

  it.each(['PWD', 'OLDPWD', 'HOME', 'SSH_AUTH_SOCK', 'KEYBOARD', 'SECRET_FILE'])(
    'is not what %s holds',
    async (name) => {
      expect(await clear('in /home/somebody', { [name]: '/home/somebody' })).toBe('in /home/somebody')
    },
  )

  it('is no word that is found anywhere', async () => {
    expect(await clear('the answer is yes', { SOME_TOKEN: 'answer' })).toBe('the answer is yes')
  })

  it('goes whole where another one is its beginning', async () => {
    const environment = { A_KEY: 'hunter2hunter2', B_KEY: 'hunter2hunter2-and-more' }
    expect(await clear('hunter2hunter2-and-more, hunter2hunter2', environment)).toBe(`${redacted}, ${redacted}`)
  })

  it('is found in JSON, in JSON in JSON, in an address, wherever it stands', () => {
    const secret = fc.string({ minLength: 8, maxLength: 30 }).filter((text) => /^[!-~]+$/.test(text))
    return fc.assert(
      fc.asyncProperty(secret, fc.integer({ min: 0, max: 2 }), async (text, depth) => {
        let reported: string = text
        for (let level = 0; level < depth; level++) reported = JSON.stringify({ nested: reported })
        const data = { events: [{ input: reported, url: `https://a.example/?q=${encodeURIComponent(text)}` }] }
        const stored = JSON.stringify(await clear(data, { API_KEY: text }))
        let back: unknown = (JSON.parse(stored) as typeof data).events[0]?.input
        for (let level = 0; level < depth; level++) back = (JSON.parse(String(back)) as { nested: unknown }).nested
        expect(String(back)).not.toContain(text)
        expect(stored).not.toContain(encodeURIComponent(text))
      }),
    )
  })
})

describe('a secret by its shape', () => {
  it.each([
    ['an API key', `sk-ant-api03-${'aB3-'.repeat(23)}aAA`],
    ['a token', `ghp_${'A1b2C3d4E5'.repeat(3)}AbCdEf`],
    ['a web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
  ])('goes whole: %s', async (_, secret) => {
    expect(await clear([`it said ${secret}, and ${secret} again`])).toEqual([
      `it said ${redacted}, and ${redacted} again`,
    ])
  })

  it.each([
    ['authorization: Bearer abcdefgh12345678==', `authorization: Bearer ${redacted}`],
    ['https://bob:hunter22@api.example.com/x', `https://bob:${redacted}@api.example.com/x`],
    [
      '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
      `-----BEGIN PRIVATE KEY-----${redacted}-----END PRIVATE KEY-----`,
    ],
    ['{"password":"a \\"b\\" c","user":"bob"}', `{"password":"${redacted}","user":"bob"}`],
    [
      '{"body":"{\\"api_key\\": \\"a \\\\\\"b\\\\\\" c\\",\\"n\\":1}"}',
      `{"body":"{\\"api_key\\": \\"${redacted}\\",\\"n\\":1}"}`,
    ],
    ['user=bob&client_secret=abc&x=1', `user=bob&client_secret=${redacted}&x=1`],
  ])('leaves what is around it: %s', async (text, expected) => {
    expect(await clear(text)).toBe(expected)
  })

  it('is whatever stands in a field of that name', async () => {
    const attributes = { 'http.request.header.authorization': ['abc'], password: 'x', tokens: 'three', max_tokens: 100 }
    expect(await clear(attributes)).toEqual({
      'http.request.header.authorization': [redacted],
      password: redacted,
      tokens: 'three',
      max_tokens: 100,
    })
  })
})

describe('what is no secret', () => {
  it('is the key that a simulated provider is called with: its leaks must be seen', async () => {
    const key = `sk-ant-api03-${simulatedKeyMark}-not-a-secret-AA`
    const data = { input: `{"authorization":"Bearer ${key}"}`, authorization: key, reported: key }
    expect(await clear(data, { ANTHROPIC_API_KEY: key })).toEqual(data)
  })

  it('comes out as it went in', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (data) => {
        expect(await clear(data)).toEqual(data)
      }),
    ))
})
