// @ts-check
/**
 * For threads and child processes of the agent, which Node loads it into before anything else: they reach this machine and what
 * the scenario allows, and nothing beyond. It stands alone, for nothing else of this package is loaded there.
 */
'use strict'
const dgram = require('node:dgram')
const dns = require('node:dns')
const net = require('node:net')
const { hostname } = require('node:os')

/** @type {readonly string[]} */
const allow = JSON.parse(process.env.AGENT_CHAOS_ALLOW ?? '[]')
const own = hostname()

/** @param {string} host */
const plain = (host) => host.replace(/^\[|\]$/g, '').toLowerCase()

/** @param {string} host @param {number} [port] */
const isAllowed = (host, port) =>
  allow.some((one) => {
    const [, allowed = '', only] = /^(.*?)(?::(\d+))?$/.exec(one.toLowerCase()) ?? []
    return plain(allowed) === plain(host) && (port === undefined || only === undefined || Number(only) === port)
  })

/** @param {string} host */
const isLoopback = (host) => /^(?:(?:.+\.)?localhost|127\.[\d.]+|0\.0\.0\.0|\[?::1?\]?)$/.test(host)

/** No host is this machine. @param {unknown} host @param {unknown} port */
const isOpen = (host, port) =>
  typeof host !== 'string' || host === '' || isLoopback(host) || isAllowed(host, Number(port))

/** @param {string} code @param {string} what @param {object} more */
const refusal = (code, what, more) => {
  const message = `${what} (agent-chaos: a trial reaches no other machine; the scenario may allow it)`
  return Object.assign(new Error(message), { code, ...more })
}

/** @param {any} owner @param {string} key @param {(original: Function) => Function} make */
const replace = (owner, key, make) => {
  const original = owner[key]
  if (typeof original === 'function') owner[key] = Object.assign(make(original), original)
}

/** @param {any[]} args */
const callbackIn = (args) => args.findLast((arg) => typeof arg === 'function')

replace(
  net.Socket.prototype,
  'connect',
  (connect) =>
    /** @this {net.Socket} @param {any[]} args */
    function (...args) {
      const [first, second] = Array.isArray(args[0]) ? args[0] : args
      const { path, host, port } =
        typeof first === 'object' && first ? first : { path: undefined, port: first, host: second }
      if (typeof path === 'string' || isOpen(host, port)) return connect.apply(this, args)
      const error = refusal('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`, { hostname: host, port })
      // As long as it is not known: who asks would take it for connected otherwise.
      this.connecting = true
      process.nextTick(() => this.destroy(error))
      return this
    },
)

/** @param {'send' | 'connect'} method @param {any[]} args */
const destination = (method, args) => {
  if (method === 'connect') return args
  return typeof args[2] === 'number' ? [args[3], args[4]] : [args[1], args[2]]
}

for (const method of /** @type {const} */ (['send', 'connect'])) {
  replace(
    dgram.Socket.prototype,
    method,
    (original) =>
      /** @this {dgram.Socket} @param {any[]} args */
      function (...args) {
        const [port, host] = destination(method, args)
        if (isOpen(host, port)) return original.apply(this, args)
        const error = refusal('ENETUNREACH', `${method} ENETUNREACH ${host}:${port}`, { address: host, port })
        const done = callbackIn(args)
        process.nextTick(() => (done ? done(error) : this.emit('error', error)))
      },
  )
}

/** @param {string} query @param {unknown} host */
const unknown = (query, host) => {
  if (isOpen(host, undefined) || host === own || (typeof host === 'string' && isAllowed(host))) return undefined
  if (query === 'lookup' && net.isIP(String(host)) !== 0) return undefined
  return refusal('ENOTFOUND', `${query} ENOTFOUND ${host}`, { hostname: host })
}

for (const query of ['lookup', 'lookupService', 'reverse', ...Object.keys(dns).filter((key) => /^resolve/.test(key))]) {
  for (const owner of [dns, dns.Resolver.prototype]) {
    replace(
      owner,
      query,
      (original) =>
        /** @this {unknown} @param {any[]} args */
        function (...args) {
          const error = unknown(query, args[0])
          const done = callbackIn(args)
          if (!error || !done) return original.apply(this, args)
          process.nextTick(done, error)
          return {}
        },
    )
  }
  for (const owner of [dns.promises, dns.promises.Resolver.prototype]) {
    replace(
      owner,
      query,
      (original) =>
        /** @this {unknown} @param {any[]} args */
        function (...args) {
          const error = unknown(query, args[0])
          return error ? Promise.reject(error) : original.apply(this, args)
        },
    )
  }
}
require('node:module').syncBuiltinESMExports()
