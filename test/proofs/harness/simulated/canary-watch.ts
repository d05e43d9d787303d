/** How many examples are kept. */
const mostHits = 20;

/**
 * Looks for what must never be written down: phone numbers, texts, names, keys, secrets and the vendor's words all carry
 * a mark in the simulation.
 */
export class CanaryWatch {
  readonly hits: string[] = [];

  look(where: string, text: string): void {
    if (this.hits.length < mostHits && /canary|Ana\b|\+1555/.test(text)) this.hits.push(`${where}: ${text}`);
  }
}
