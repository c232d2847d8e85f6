/**
 * Properties that are made when they are read. All objects share one accessor. V8 keeps that of an object literal, and
 * whatever it can reach, until it collects all memory. By that a whole trial outlived its end.
 */

/** What puts the property `name` on an object; `make` is asked once, of the object as it is then. */
export function lazyProperty<T extends object, K extends string, V>(
  name: K,
  make: (object: T) => V,
): (object: T) => T & { readonly [Name in K]: V } {
  const made = new WeakMap<T, V>()
  const get = function (this: T): V {
    const known = made.get(this)
    if (known !== undefined) return known
    const value = make(this)
    made.set(this, value)
    return value
  }
  return (object) => Object.defineProperty(object, name, { get, enumerable: true, configurable: true }) as never
}
