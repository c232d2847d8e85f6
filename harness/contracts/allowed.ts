/** What a trial may really reach beside this machine: hosts that a scenario allows, each with a port or with any. */

/** `db.local`, `db.local:5432`, `[fd00::1]:5432`. */
export function isAllowance(text: unknown): text is string {
  return typeof text === 'string' && pattern.test(text)
}

const pattern = /^(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i

/** Every host: of no scenario, but of a run that is recorded. */
export const anywhere = '*'

/** Without a port: whether any is allowed there, for whoever looks up a name. */
export function isAllowed(allow: readonly string[], host: string, port?: number): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return allow.some((one) => {
    const [, allowed = '', allowedPort] = /^(.*?)(?::(\d+))?$/.exec(one.toLowerCase()) ?? []
    if (one === anywhere) return true
    const isThere = allowed.replace(/^\[|\]$/g, '') === name
    return isThere && (port === undefined || allowedPort === undefined || Number(allowedPort) === port)
  })
}
