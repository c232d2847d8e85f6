/** Whom a campaign of kills strikes, and when. */
import { describe, expect, it } from 'vitest'
import { drawKills, drawVictims, victimsAlone, victimsQueued } from './draw.js'

describe('the victims of a campaign', () => {
  it.each([
    ['one machine', victimsAlone],
    ['a queue', victimsQueued],
  ])('are each as many as any other: %s', (_, victims) => {
    const drawn = drawVictims(1, 600, victims)
    const counts = victims.map((victim) => drawn.filter((one) => one === victim).length)
    expect(counts).toEqual(victims.map(() => 600 / victims.length))
    expect(drawVictims(2, 600, victims)).not.toEqual(drawn)
    expect(drawVictims(1, 600, victims)).toEqual(drawn)
  })

  it('are killed one after the other, each in its part of the run', () => {
    const victims = drawVictims(1, 16, victimsAlone)
    const kills = drawKills(1, 1, victims)
    expect(kills.map(({ victim }) => victim)).toEqual(victims)
    expect(kills.map(({ at }) => Math.floor(at * 16))).toEqual(kills.map((_, index) => index))
    expect(drawKills(1, 2, victims)).not.toEqual(kills)
  })
})
