import { expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { drawHang } from './draw-hang.js'
import type { FaultMenu } from './draw-plan.js'

const menu: Pick<FaultMenu, 'hangs' | 'tasks'> = { hangs: ['cancel'], tasks: 3 }

it('a task hangs in about every tenth run, in one of the first recoveries', () => {
  const faults = Array.from({ length: 2000 }, (_, seed) => drawHang(new Stream(String(seed), 'hang'), menu)).flat()
  expect(faults.length).toBeGreaterThan(150)
  expect(faults.length).toBeLessThan(250)
  const nth = new Set(faults.map((fault) => ('nth' in fault ? fault.nth : 0)))
  expect([...nth].toSorted()).toEqual([1, 2, 3, 4, 5, 6])
  expect(drawHang(new Stream('0', 'hang'), { ...menu, hangs: [] })).toEqual([])
})
