/** The template has something that the local stack does not understand; `place` is its logical id and property path. */
export class TemplateError extends Error {
  readonly code = 'template-not-understood';
  readonly place: string;

  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.name = 'TemplateError';
    this.place = place;
  }
}
