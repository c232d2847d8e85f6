/** The types of the functions that are used; the package has types, and does not name them where Node's rules look. */
declare module 'cephes' {
  /** Its functions are WebAssembly, and may be called once this is settled. */
  export const compiled: Promise<void>
  /** The distribution function of the standard normal distribution. */
  export function ndtr(x: number): number
  /** The quantile of Student's distribution with `degrees` of freedom at the probability `p`. */
  export function stdtri(degrees: number, p: number): number
}
