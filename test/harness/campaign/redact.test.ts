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

  it.each([
    'API_KEY_PROD',
    'SECRET_KEY_BASE',
    'OPENAI_APIKEY',
    'GH_PAT',
    'SENTRY_DSN',
    'NEXTAUTH_SECRET',
    'sessionToken',
    'STRIPE_SECRET_KEY_2',
    'DB_PASSWORD_STAGING',
    'TOKEN_V2',
    'BASIC_AUTH',
    'REDIS_PASS',
  ])('is found by what its name means: %s', async (name) => {
    expect(await clear('paid with hunter2hunter2!', { [name]: 'hunter2hunter2' })).toBe(`paid with ${redacted}!`)
  })

  it.each([
    ['postgres://app:hunter2hunter2@db.example:5432/app'],
    ['redis://:hunter2hunter2@cache.example'],
    ['Server=db.example;User Id=app;Password=hunter2hunter2;'],
    ['DefaultEndpointsProtocol=https;AccountName=x;AccountKey=hunter2hunter2'],
  ])('is found within what a variable of any name holds: %s', async (value) => {
    expect(await clear('it wrote hunter2hunter2 down', { DATABASE_URL: value })).toBe(`it wrote ${redacted} down`)
  })

  it.each([
    'PWD',
    'OLDPWD',
    'HOME',
    'SSH_AUTH_SOCK',
    'KEYBOARD',
    'SECRET_FILE',
    'MONKEY',
    'TOKEN_URL',
    'MAX_TOKENS',
    'API_KEY_HEADER',
    'COMPASS',
    'PATH',
    'NEXT_PAGE_TOKEN',
  ])('is not what %s holds', async (name) => {
    expect(await clear('in /home/somebody', { [name]: '/home/somebody' })).toBe('in /home/somebody')
  })

  it('is no word that is found anywhere', async () => {
    expect(await clear('the answer is yes', { SOME_TOKEN: 'answer' })).toBe('the answer is yes')
  })

  const forms: Readonly<Record<string, (secret: string) => string>> = {
    base64: (secret) => Buffer.from(secret).toString('base64'),
    'base64 within more, as in basic authentication': (secret) => Buffer.from(`bob:${secret}`).toString('base64'),
    'base64 within more, one further': (secret) => Buffer.from(`ab${secret}cd`).toString('base64'),
    'base64 for addresses': (secret) => Buffer.from(secret).toString('base64url'),
    hex: (secret) => Buffer.from(secret).toString('hex'),
    'hex in capitals': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
    'an address': encodeURIComponent,
    'an address in small letters': (secret) =>
      encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
    'a form': (secret) => new URLSearchParams({ a: secret }).toString(),
    'JSON in JSON in JSON': (secret) => JSON.stringify(JSON.stringify(JSON.stringify(secret))),
  }

  it.each(Object.entries(forms))('is found in %s', async (_form, encode) => {
    const [secret, other] = ['a "b" c/d+e?f ü 4711', 'an "o" t/h+e?r ö 0815']
    const shown = await clear(`x ${encode(secret)} y`, { API_KEY: secret })
    expect(shown).toContain(redacted)
    expect(shown).not.toContain(encode(secret).slice(4, -4))
    expect(await clear(`x ${encode(other)} y`, { API_KEY: secret })).toBe(`x ${encode(other)} y`)
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

  const a = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3'
  const hex = '0123456789abcdef'
  // In parts, so that no scanner of this repository takes them for real ones.
  it.each<readonly [string, readonly string[]]>([
    ['Stripe', ['sk_', 'live_', a.slice(0, 24)]],
    ['Stripe, restricted', ['rk_', 'test_', a.slice(0, 24)]],
    ['a webhook of Stripe', ['whsec_', a.slice(0, 32)]],
    ['Google', ['AIza', 'Sy', a.slice(0, 33)]],
    ['Google, OAuth', ['ya29', '.', a]],
    ['GitLab', ['glpat-', a.slice(0, 20)]],
    ['Hugging Face', ['hf_', a.slice(0, 34)]],
    ['AWS', ['AKIA', 'IOSFODNN7EXAMPLQ']],
    ['GitHub', ['github_pat_', a.slice(0, 22), '_', a]],
    ['OpenAI', ['sk-', 'proj-', a]],
    ['OpenRouter', ['sk-', 'or-v1-', hex.repeat(4)]],
    ['Groq', ['gsk_', a]],
    ['xAI', ['xai-', a]],
    ['Perplexity', ['pplx-', a]],
    ['Replicate', ['r8_', a.slice(0, 37)]],
    ['Tavily', ['tvly-', a.slice(0, 32)]],
    ['LangSmith', ['lsv2_', 'pt_', hex.repeat(2), '_0123456789']],
    ['DigitalOcean', ['dop_', 'v1_', hex.repeat(4)]],
    ['Doppler', ['dp.', 'pt.', a.slice(0, 43)]],
    ['Vault', ['hvs', '.', a]],
    ['Databricks', ['dapi', hex.repeat(2)]],
    ['Docker', ['dckr_', 'pat_', a.slice(0, 27)]],
    ['PyPI', ['pypi-AgE', 'IcHlwaS5vcmc', a]],
    ['Notion', ['ntn_', a.slice(0, 46)]],
    ['Figma', ['figd_', a.slice(0, 40)]],
    ['Airtable', ['pat', a.slice(0, 14), '.', hex.repeat(4)]],
    ['Postman', ['PMAK-', hex, '01234567-', hex.repeat(2)]],
    ['Atlassian', ['ATATT3', a, a]],
    ['Grafana', ['glsa_', a.slice(0, 32), '_0123abcd']],
    ['Sentry', ['sntrys_', a]],
    ['Supabase', ['sbp_', hex.repeat(2), '01234567']],
    ['New Relic', ['NRAK-', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ1']],
    ['Twilio', ['SK', hex.repeat(2)]],
    ['Mailgun', ['key-', hex.repeat(2)]],
    ['Resend', ['re_', a.slice(0, 8), '_', a.slice(0, 24)]],
    ['Telegram', ['123456789:', 'AA', a.slice(0, 33)]],
    ['Discord', ['MTk4NjIyNDgzNDcxOTI1MjQ4', '.Cl2FMQ.', a.slice(0, 27)]],
    ['Slack', ['xoxb-', '123456789012-123456789012-', a.slice(0, 24)]],
    ['npm', ['npm_', a.slice(0, 36)]],
    ['age', ['AGE-SECRET-KEY-1', 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L']],
    ['Square', ['sq0atp-', a.slice(0, 22)]],
    ['Shopify', ['shpat_', hex.repeat(2)]],
  ])('is known of %s', async (_vendor, parts) => {
    const token = parts.join('')
    const shown = await clear([`it said "${token}", and`, { nested: JSON.stringify({ token: `x ${token}` }) }])
    expect(JSON.stringify(shown)).not.toContain(token.slice(-12))
    expect((shown as string[])[0]).toBe(`it said "${redacted}", and`)
  })

  it.each([
    'toolu_01Zq0001n8FxxrCScdNh2SMP',
    'call_Zq0001n8FxxrCScdNh2SMP',
    'chatcmpl-9vXbq8Zq0001n8FxxrCScdNh2SMP',
    'req_010000000000000000000004',
    '94c2a6e82fb9c173b678b9250816877d5ef05bb433f9d2ca7154389372637450',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    'refund-42-attempt-2026-01-01T00:00:00.000Z',
    'npx agent-chaos replay a.chaos.ts --plan \'tool:look{token="abc"}#1 = tool/slow\'',
    'https://api.example/orders?key=42&page=2',
    'The cookie: it crumbles. Authorization: required.',
  ])('is not what an id, a digest, a plan or a sentence looks like: %s', async (text) => {
    expect(await clear(text)).toBe(text)
  })

  it.each([
    ['Authorization: Token abcdef0123456789', `Authorization: Token ${redacted}`],
    ['X-Api-Key: abcdef0123456789\r\nAccept: */*', `X-Api-Key: ${redacted}\r\nAccept: */*`],
    ['Cookie: session=abc; theme=dark\nHost: a.example', `Cookie: ${redacted}\nHost: a.example`],
    ["{ 'set-cookie': 'sid=abc; Path=/' }", `{ 'set-cookie': '${redacted}' }`],
    ['https://a.example/x?key=aBcDeF0123456789&n=1', `https://a.example/x?key=${redacted}&n=1`],
    ['https://a.example/x?sig=aBcDeF0123456789%3D', `https://a.example/x?sig=${redacted}`],
    ['https://a.example/x?access_token=abc&n=1', `https://a.example/x?access_token=${redacted}&n=1`],
    ['pwd=abc&user=bob', `pwd=${redacted}&user=bob`],
    ['{"sessionToken":"abc","next_page_token":"def"}', `{"sessionToken":"${redacted}","next_page_token":"def"}`],
    ['AccountName=x;AccountKey=abcdefgh==;Endpoint=y', `AccountName=x;AccountKey=${redacted};Endpoint=y`],
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
    const attributes = {
      'http.request.header.authorization': ['abc'],
      password: 'x',
      sessionToken: 'y',
      pwd: 'z',
      tokens: 'three',
      max_tokens: 100,
      key: 'refund-42',
      token_type: 'Bearer',
    }
    expect(await clear(attributes)).toEqual({
      'http.request.header.authorization': [redacted],
      password: redacted,
      sessionToken: redacted,
      pwd: redacted,
      tokens: 'three',
      max_tokens: 100,
      key: 'refund-42',
      token_type: 'Bearer',
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
        fc.pre(!/"\w*(pwd|token|secret|pass|auth|key)\w*":"./i.test(JSON.stringify(data)))
        expect(await clear(data)).toEqual(data)
      }),
      { seed: 1 },
    ))

  it('is an empty field, whatever its name says', async () => {
    const data = [{ pwd: '' }, { nested: { Pwd: [''] } }]
    expect(await clear(data)).toEqual(data)
  })
})
