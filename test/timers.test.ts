import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { inTime, startDeadline } from '../src/timers.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const timeUp = { name: 'TimeoutError', message: 'The operation was aborted due to timeout' }

it('gives what comes in time, and keeps no timer', async () => {
  expect(await inTime(1000, async () => 'here')).toBe('here')
  expect(vi.getTimerCount()).toBe(0)
  await expect(inTime(1000, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(vi.getTimerCount()).toBe(0)
})

it('rejects when the time is up, not before, and aborts', async () => {
  let signal: AbortSignal | undefined
  const waiting = inTime(1000, (given) => {
    signal = given
    return new Promise(() => {})
  })
  const settled = vi.fn()
  waiting.catch(settled)
  await vi.advanceTimersByTimeAsync(999)
  expect([settled.mock.calls.length, signal!.aborted]).toEqual([0, false])
  await vi.advanceTimersByTimeAsync(1)
  expect(settled.mock.calls).toMatchObject([[timeUp]])
  expect(signal).toMatchObject({ aborted: true, reason: timeUp })
})

it('starts nothing when the time is up', async () => {
  const deadline = startDeadline(10)
  await vi.advanceTimersByTimeAsync(10)
  const work = vi.fn(async () => 'late')
  await expect(deadline.race(work)).rejects.toMatchObject(timeUp)
  expect(work).not.toHaveBeenCalled()
})

it('makes a rejection of what throws', async () => {
  const throwing = (): never => {
    throw new Error('no')
  }
  await expect(inTime(10, throwing)).rejects.toThrow('no')
})
