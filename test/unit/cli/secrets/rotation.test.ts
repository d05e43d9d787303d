import { describe, expect, it } from 'vitest';
import { evidenceSince, takenUpAfterMs } from '../../../../cli/secrets/rotation.ts';

describe('evidenceSince', () => {
  it('is as long ago as the old secret must have been out of use', () => {
    const since = evidenceSince({ addedAt: 0, now: 700_000, unusedForMs: 600_000 });

    expect(since).toBe(100_000);
  });

  it('refuses while the new secret is younger than that, and says when to come back', () => {
    const tooEarly = { addedAt: 200_000, now: 700_000, unusedForMs: 600_000 };

    expect(() => evidenceSince(tooEarly)).toThrow(new Date(800_000).toISOString());
  });
});

it('tells to wait for six minutes, as the documentation does', () => {
  expect(takenUpAfterMs).toBe(6 * 60 * 1000);
});
