/** Anthropic's Messages API, message threads included: requests read and refused as the real API does, answers as bytes. */
import { type Provider, simulatedKeyMark } from '../../contracts/provider.js'
import { openSession } from './session.js'

const origin = 'https://api.anthropic.com'

/**
 * `/v1/messages` of any gateway, for many other services have messages too. Loopback origins are a user's own servers
 * and are left alone.
 */
const messagesUrl =
  /^https?:\/\/(?!(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|$))(?:[^/?#]+[^?#]*\/v1|(?:[^/?#]+\.)?anthropic\.com(?:[:/][^?#]*)?)\/messages(?:[?#]|$)/i

export const anthropic: Provider = {
  name: 'anthropic',
  origin,
  environment: {
    // The shape of a real key, for clients that look at it; it is none.
    ANTHROPIC_API_KEY: `sk-ant-api03-${simulatedKeyMark}-not-a-secret-AA`,
    ANTHROPIC_AUTH_TOKEN: undefined,
    ANTHROPIC_BASE_URL: undefined,
    ANTHROPIC_CUSTOM_HEADERS: undefined,
    ANTHROPIC_PROFILE: undefined,
  },
  accepts: (method, url) => method === 'POST' && messagesUrl.test(url),
  open: openSession,
}
