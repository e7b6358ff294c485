import { describe, expect, it } from 'vitest'
import { MisuseError } from './index.js'
import { wrongChoice, wrongDelay, wrongLatency, wrongReceiver } from './misuse.js'

describe('what a world is asked for and cannot be', () => {
  it('is an error of one class, whatever it is: who runs the world can tell it from others', () => {
    const link = { from: 0, to: 1, lane: 0 } as const
    const all = [wrongChoice('way', 0), wrongDelay(0, 'tick', -1), wrongLatency(link, 5, 4), wrongReceiver(0, 7, 'note', 2)]
    for (const error of all) expect(error).toBeInstanceOf(MisuseError)
    expect(all[0]).toBeInstanceOf(RangeError)
  })
})
