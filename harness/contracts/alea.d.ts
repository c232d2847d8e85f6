/** The types of the one generator that is used; the package's own types know only its index, which loads all of them. */
declare module 'seedrandom/lib/alea.js' {
  export default function alea(seed: string): () => number
}
