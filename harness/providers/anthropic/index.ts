/** Anthropic's Messages API, message threads included: requests read and refused as the real API does, answers as bytes. */
import { type Provider, simulatedKeyMark } from '../../contracts/provider.js'
import { openSession } from './session.js'

const origin = 'https://api.anthropic.com'

/**
 * `/v1/messages` of any gateway, for many other services have messages too. Loopback origins are a user's own servers
 * and are left alone, unless the base URL says otherwise.
 */
const messagesUrl =
  /^https?:\/\/(?!(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|$))(?:[^/?#]+[^?#]*\/v1|(?:[^/?#]+\.)?anthropic\.com(?:[:/][^?#]*)?)\/messages(?:[?#]|$)/i

/** The base URL, and what clients put behind it: with the version (the official SDK) or without (the AI SDK). */
const callUrl = /^(https?:\/\/[^?#]+?)(?:\/v1)?\/messages(?:[?#]|$)/

function isBelow(url: string, baseUrl: string | undefined): boolean {
  if (!baseUrl || !URL.canParse(baseUrl)) return false
  const base = new URL(baseUrl).href.replace(/\/+$/, '')
  return ['/v1/messages', '/messages'].some((path) => url.replace(/[?#].*$/, '') === base + path)
}

export const anthropic: Provider = {
  name: 'anthropic',
  origin,
  environment: {
    // The shape of a real key, for clients that look at it; it is none.
    ANTHROPIC_API_KEY: `sk-ant-api03-${simulatedKeyMark}-not-a-secret-AA`,
    ANTHROPIC_AUTH_TOKEN: undefined,
    ANTHROPIC_CUSTOM_HEADERS: undefined,
    ANTHROPIC_PROFILE: undefined,
  },
  baseUrlVariable: 'ANTHROPIC_BASE_URL',
  calls: 'POST /v1/messages',
  accepts: (method, url, baseUrl) => method === 'POST' && (messagesUrl.test(url) || isBelow(url, baseUrl)),
  baseUrlOf: (url) => callUrl.exec(url)?.[1],
  open: openSession,
}
