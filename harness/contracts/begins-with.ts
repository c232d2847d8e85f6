/** The same values, not their like: messages that were read before are those that came then. */
export function beginsWith(values: readonly unknown[], first: readonly unknown[]): boolean {
  return first.length <= values.length && first.every((value, index) => value === values[index])
}
