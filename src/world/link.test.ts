import { describe, expect, it } from 'vitest'
import { UNORDERED } from './behavior.js'
import { Link } from './link.js'
import { Pending } from './pending.js'

const owner = {}

function linkWith(lane: number, ...words: string[]): Link {
  const link = new Link(0, owner, 1, 2, lane)
  for (const kind of words) link.append(new Pending({ kind }, link, undefined, undefined))
  return link
}

function content(link: Link): string[] {
  const words: string[] = []
  for (let pending = link.first; pending !== undefined; pending = pending.next) words.push(pending.message.kind)
  return words
}

function takeable(link: Link): Pending[] {
  const found: Pending[] = []
  link.forEachTakeable((pending) => found.push(pending))
  return found
}

describe('Link', () => {
  it('keeps the order of appending, and offers its head only', () => {
    const link = linkWith(0, 'a', 'b', 'c')
    expect(content(link)).toEqual(['a', 'b', 'c'])
    expect(takeable(link).map(({ message }) => message.kind)).toEqual(['a'])
    expect(link.length).toBe(3)
  })

  it('offers everything on the unordered lane, and loses any one of it cleanly', () => {
    for (const victim of [0, 1, 2]) {
      const link = linkWith(UNORDERED, 'a', 'b', 'c')
      const taken = takeable(link)[victim]
      if (taken !== undefined) link.remove(taken)
      const rest = ['a', 'b', 'c'].filter((_, i) => i !== victim)
      expect(content(link)).toEqual(rest)
      expect(link.length).toBe(2)
      link.append(new Pending({ kind: 'd' }, link, undefined, undefined))
      expect(content(link)).toEqual([...rest, 'd'])
      expect(content(link.copy({}))).toEqual([...rest, 'd'])
    }
  })

  it('is empty again after its last message', () => {
    const link = linkWith(0, 'a')
    if (link.first !== undefined) link.remove(link.first)
    expect([link.first, link.last, link.length]).toEqual([undefined, undefined, 0])
  })

  it('forks with its state and due times, and neither side sees what the other does', () => {
    const link = linkWith(3, 'a', 'b')
    link.watched = true
    link.open = false
    if (link.first !== undefined) Object.assign(link.first, { time: 70, sequence: 9 })
    const copy = link.copy({})
    expect(copy).toMatchObject({ from: 1, to: 2, lane: 3, watched: true, open: false, length: 2 })
    expect(copy.first).toMatchObject({ time: 70, sequence: 9, shared: true, link: copy })
    expect(link.first?.shared).toBe(true)
    if (copy.first !== undefined) copy.remove(copy.first)
    expect([content(link), content(copy)]).toEqual([['a', 'b'], ['b']])
  })
})
