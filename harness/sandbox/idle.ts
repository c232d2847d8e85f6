/**
 * Tells when the event loop has drained. That is the one moment at which a process surely waits on nothing but time,
 * whatever kinds of real work it does (https://nodejs.org/api/process.html#event-beforeexit). Nobody else hears of it
 * meanwhile. It comes at every step of virtual time, and listeners that flush or exit then would do so over and over.
 */

type Emit = (name: string | symbol, ...args: unknown[]) => boolean

let taken = false

/**
 * Calls `listener` each time that the event loop has drained, in place of all `beforeExit` listeners. Unless the
 * listener starts something, the process ends. Returns the undo; throws while another listener is in place.
 */
export function onIdle(listener: () => void): () => void {
  if (taken) throw new Error('the event loop is watched already: expected one trial at a time')
  taken = true
  const before = Object.getOwnPropertyDescriptor(process, 'emit')
  const emit = process.emit as Emit
  let active = true
  const intercept: Emit = function (this: unknown, name, ...args) {
    if (name !== 'beforeExit' || !active) return Reflect.apply(emit, this, [name, ...args])
    listener()
    return true
  }
  Object.defineProperty(process, 'emit', { value: intercept, writable: true, enumerable: false, configurable: true })
  return () => {
    active = false
    taken = false
    // Somebody may have wrapped it meanwhile, and taking it away would take theirs too; it only passes on from now on.
    if (Reflect.get(process, 'emit') !== intercept) return
    if (before) Object.defineProperty(process, 'emit', before)
    else Reflect.deleteProperty(process, 'emit')
  }
}
