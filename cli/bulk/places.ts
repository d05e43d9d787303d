import type { Message } from '../../lib/message/message.ts';
import type { Problem } from '../../lib/message/parse.ts';

/** What the rows of one template fill. */
interface TemplateUse {
  rows: number;
  /** How many of them fill a place. */
  readonly fills: Map<string, number>;
}

/** The places of its template that a row fills: one object for all rows that fill the same ones. */
export interface FilledPlaces {
  readonly template: TemplateUse;
  readonly names: ReadonlySet<string>;
}

/** Counts the places that the rows of each template fill. */
export function createPlaces(): { of(message: Message): FilledPlaces | undefined } {
  const templates = new Map<string, TemplateUse>();
  const filled = new Map<string, FilledPlaces>();

  function templateOf(key: string): TemplateUse {
    const known = templates.get(key) ?? { rows: 0, fills: new Map<string, number>() };
    templates.set(key, known);
    return known;
  }

  return {
    of(message) {
      if (message.type !== 'template') return undefined;
      const { templateName, language, parameters = [] } = message;
      const names = parameters.map(({ name }) => name);
      const template = templateOf(JSON.stringify([templateName, language]));
      template.rows += 1;
      for (const name of names) template.fills.set(name, (template.fills.get(name) ?? 0) + 1);
      const key = JSON.stringify([templateName, language, names]);
      const places = filled.get(key) ?? { template, names: new Set(names) };
      filled.set(key, places);
      return places;
    },
  };
}

/** Places that at least half of the rows of its template fill, and this one does not: a template has the same for everybody. */
export function missingParameters(places: FilledPlaces | undefined): Problem[] {
  if (places === undefined) return [];
  const { template, names } = places;
  return Array.from(template.fills)
    .filter(([name, count]) => count * 2 >= template.rows && !names.has(name))
    .map(([name]) => ({
      path: `parameters.${name}`,
      text: 'is missing, and other rows of this template have it',
    }));
}
