import { describe, expect, it } from 'vitest'
import { breaksRequest } from './request.js'

describe('a request to break the engine', () => {
  it('is read', () => {
    expect(breaksRequest(['--exhaust', '--reduce', 'none', '--scopes', '2'])).toMatchObject({
      what: 'exhaust',
      reduce: ['none'],
      scopes: 2,
    })
    expect(breaksRequest([])).toMatchObject({ what: 'breaks', json: false })
  })

  it('is refused with the remedy', () => {
    expect(breaksRequest(['--exhaust', '--reduce', 'credit'])).toEqual({
      refused: expect.stringMatching(/unknown reduction \(did you mean credits\?\)/) as string,
    })
    expect(breaksRequest(['--help'])).toEqual({ refused: expect.stringMatching(/'--help'[^]*allowed: --json, --only, /) as string })
    expect(breaksRequest(['--runs'])).toEqual({ refused: expect.stringMatching(/'--runs <value>' argument missing/) as string })
    expect(breaksRequest(['--reduce', 'none'])).toEqual({ refused: '--reduce: only with --exhaust' })
    expect(breaksRequest(['--exhaust', '--seconds', 'x'])).toEqual({ refused: '--seconds x: a number above 0 is needed' })
    expect(breaksRequest(['--seconds', '3'])).toEqual({ refused: '--seconds: only with --exhaust' })
    expect(breaksRequest(['--log', 'x'])).toEqual({ refused: '--log: only with --drivers or --exhaust' })
    expect(breaksRequest(['--explain', '--exhaust'])).toEqual({ refused: '--explain and --exhaust: one at a time' })
    expect(breaksRequest(['--exhaust', '--from', '19'])).toEqual({ refused: '--from 19: behind the last one, --scopes 18' })
    expect(breaksRequest(['--exhaust', '--states', '0'])).toEqual({ refused: '--states 0: a whole number above 0 is needed' })
  })
})
