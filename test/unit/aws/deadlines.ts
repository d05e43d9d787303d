import { onTestFinished, vi } from 'vitest';

/** Makes every deadline pass at once for the rest of a test, and writes down how many milliseconds each was. */
export function passAllDeadlines(): readonly number[] {
  const asked: number[] = [];
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
    asked.push(milliseconds);
    return AbortSignal.abort(new DOMException('The time is over.', 'TimeoutError'));
  });
  onTestFinished(() => timeout.mockRestore());
  return asked;
}
