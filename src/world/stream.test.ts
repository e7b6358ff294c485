import { describe, expect, it } from 'vitest'
import { Stream } from './stream.js'

function draws(stream: Stream, count: number): number[] {
  return Array.from({ length: count }, () => stream.below(1000))
}

describe('Stream', () => {
  it('is determined by seed and name, in every process', () => {
    expect(draws(new Stream('seed', 'link/0/1/0'), 6)).toEqual([867, 386, 916, 217, 548, 997])
    expect(draws(new Stream('seed', 'link/0/1/1'), 6)).not.toEqual(draws(new Stream('seed', 'link/0/1/0'), 6))
    expect(draws(new Stream('other', 'link/0/1/0'), 6)).not.toEqual(draws(new Stream('seed', 'link/0/1/0'), 6))
  })

  it('is the same for a link and for its name', () => {
    for (const [from, to, lane] of [
      [0, 1, 0],
      [9, 10, 1],
      [99, 100, -1],
      [1234, 70, 12],
    ] as const) {
      const name = `link/${from}/${to}/${lane}`
      const ofLink = new Stream('seed', { from, to, lane })
      expect(ofLink.name).toBe(name)
      expect(draws(ofLink, 6)).toEqual(draws(new Stream('seed', name), 6))
    }
  })

  it('is shifted by nothing drawn from another', () => {
    const alone = draws(new Stream('s', 'a'), 20)
    const stream = new Stream('s', 'a')
    const other = new Stream('s', 'b')
    expect(
      Array.from({ length: 20 }, (_, i) => {
        draws(other, i)
        return stream.below(1000)
      }),
    ).toEqual(alone)
  })

  it('continues from a saved state, which is plain data', () => {
    const stream = new Stream('s', 'a')
    draws(stream, 7)
    const saved: unknown = JSON.parse(JSON.stringify(stream.state()))
    const twin = new Stream('s', 'a', saved as ReturnType<Stream['state']>, 7)
    expect(twin.drawn).toBe(7)
    expect(draws(twin, 20)).toEqual(draws(stream, 20))
  })

  it('forks into two that go on alike and apart', () => {
    const stream = new Stream('s', 'a')
    draws(stream, 3)
    const fork = stream.fork()
    const rest = draws(fork, 10)
    expect([stream.drawn, fork.drawn]).toEqual([3, 13])
    expect(draws(stream, 10)).toEqual(rest)
  })

  it('forks before its first draw, too', () => {
    const stream = new Stream('s', 'a')
    const fork = stream.fork()
    expect(stream.state()).toEqual(fork.state())
    expect(draws(fork, 10)).toEqual(draws(stream, 10))
  })

  it('has nothing in common with streams of similar names: their first draws are even, and pairs of them are', () => {
    const firsts = Array.from({ length: 10_000 }, (_, i) => new Stream('seed', `link/${i % 100}/${Math.floor(i / 100)}/0`).below(10))
    const pairs = new Array<number>(100).fill(0)
    firsts.forEach((first, i) => {
      const pair = 10 * first + (firsts[i + 1] ?? 0)
      pairs[pair] = (pairs[pair] ?? 0) + 1
    })
    for (const count of pairs) expect(Math.abs(count - 100)).toBeLessThan(45) // four and a half standard deviations
  })

  it('draws evenly from 0 … n-1', () => {
    const counts = new Array<number>(10).fill(0)
    const stream = new Stream('s', 'even')
    for (let i = 0; i < 10_000; i++) {
      const drawn = stream.below(10)
      counts[drawn] = (counts[drawn] ?? 0) + 1
    }
    expect(counts).toHaveLength(10)
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120) // four standard deviations
  })
})
