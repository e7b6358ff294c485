import { describe, expect, it } from 'vitest'
import { Actors, Numbered } from './parts.js'

/** Values whose usual hashes are all the same. */
class Colliding extends Numbered<string> {
  add(value: string): number {
    return this.number(
      [1, 1],
      () => value,
      () => ({ value }),
    )
  }

  hashOf(number: number): readonly number[] {
    return [this.hashes.get(2 * number), this.hashes.get(2 * number + 1)]
  }
}

describe('parts whose hashes collide', () => {
  it('are taken for one by their hashes', () => {
    const colliding = new Colliding()
    expect([colliding.add('one'), colliding.add('other')]).toEqual([1, 1])
  })

  it('are told apart by their content, and by hashes that begin elsewhere', () => {
    for (const identity of [
      { exact: true, seed: 0 },
      { exact: false, seed: 5 },
      { exact: true, seed: 5 },
    ]) {
      const colliding = new Colliding(identity)
      expect([colliding.add('one'), colliding.add('other'), colliding.add('one')]).toEqual([1, 2, 1])
    }
  })

  it('have other hashes with each seed', () => {
    const hashes = [5, 6].map((seed) => {
      const colliding = new Colliding({ exact: false, seed })
      return colliding.hashOf(colliding.add('one'))
    })
    expect(hashes[0]).not.toEqual(hashes[1])
    expect(new Actors(false, { exact: true, seed: 0 }).size).toBe(0)
  })
})
