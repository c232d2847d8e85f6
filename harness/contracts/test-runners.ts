/** The runners that a test can be written for. */
export const testRunners = ['vitest', 'jest', 'mocha', 'node'] as const

export type TestRunner = (typeof testRunners)[number]
