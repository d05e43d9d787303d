import { RelayError } from '../../lib/errors.ts';

/** The template has something that the local stack does not understand; `place` is its logical id and property path. */
export class TemplateError extends RelayError {
  readonly place: string;

  constructor(place: string, problem: string) {
    super('template-not-understood', `${place}: ${problem}`);
    this.name = 'TemplateError';
    this.place = place;
  }
}
