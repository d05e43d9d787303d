import { Refusal } from '../../connectly-events/refusals.ts';
import { isLoopbackHost } from '../loopback.ts';
import { FieldReader, type JsonObject } from './fields.ts';

/** The three topics that can be registered. */
const topics = ['messages', 'delivery_status', 'report'] as const;
type Topic = (typeof topics)[number];

/** A registration, as `GET /webhooks` lists it. */
export interface Registration {
  /** `wh_` and a ULID. */
  readonly id: string;
  readonly topic: Topic;
  readonly address: string;
  readonly configuration: JsonObject;
}

const registrationTypes = ['custom', 'zapier', 'webengage', 'integromat_make'] as const;

/** What a registration has when it was given nothing else. */
const defaultConfiguration: JsonObject = { echo: false, channelTypes: ['whatsapp'], filters: [] };

/** The well-formed body of a registration. */
export interface NewRegistration {
  readonly topic: Topic;
  readonly address: string;
  readonly configuration: JsonObject;
}

/** The well-formed body of an update. */
export interface RegistrationChange {
  readonly address: string | undefined;
  readonly configuration: JsonObject;
}

/**
 * The registered webhooks of every business: one address for each topic. `echo`, `channelTypes` and `filters` are kept
 * and listed, not acted upon: their meaning is not documented well enough to imitate.
 */
export class Registrations {
  readonly #newId: () => string;
  readonly #byBusiness = new Map<string, Map<string, Registration>>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  list(businessId: string): readonly Registration[] {
    return [...(this.#byBusiness.get(businessId)?.values() ?? [])];
  }

  listAll(): ReadonlyArray<Registration & { readonly businessId: string }> {
    return [...this.#byBusiness].flatMap(([businessId, registrations]) =>
      [...registrations.values()].map(({ id, topic, address, configuration }) => ({
        businessId,
        id,
        topic,
        address,
        configuration,
      })),
    );
  }

  /** The businesses that have registered the topic. */
  businessesOf(topic: string): readonly string[] {
    return this.listAll()
      .filter((registration) => registration.topic === topic)
      .map(({ businessId }) => businessId);
  }

  find(businessId: string, topic: string): Registration | undefined {
    return this.list(businessId).find((registration) => registration.topic === topic);
  }

  /** Throws the 409 of a taken topic, unless it `replaces`: the vendor's pages say both. */
  checkFree(businessId: string, topic: Topic, replaces: boolean): void {
    if (!replaces && this.find(businessId, topic) !== undefined) {
      throw new Refusal('ERROR_CODE_UNSPECIFIED', {
        status: 409,
        type: 'ERROR_TYPE_INVALID_REQUEST',
        message: `topic: ${topic} is already registered`,
      });
    }
  }

  create(businessId: string, { topic, address, configuration }: NewRegistration): Registration {
    const registrations = this.#byBusiness.get(businessId) ?? new Map<string, Registration>();
    this.#byBusiness.set(businessId, registrations);
    const replaced = this.find(businessId, topic);
    if (replaced !== undefined) registrations.delete(replaced.id);
    const registration: Registration = {
      id: `wh_${this.#newId()}`,
      topic,
      address,
      configuration: { ...defaultConfiguration, ...configuration },
    };
    registrations.set(registration.id, registration);
    return registration;
  }

  /** Throws the 404 of an unknown id. */
  checkKnown(businessId: string, id: string): Registration {
    const registration = this.#byBusiness.get(businessId)?.get(id);
    if (registration !== undefined) return registration;
    throw new Refusal('ERROR_CODE_UNSPECIFIED', {
      status: 404,
      type: 'ERROR_TYPE_INVALID_REQUEST',
      message: 'There is no webhook with this id',
    });
  }

  /** Absent fields stay; given fields of `configuration` overwrite, one level deep. */
  update(businessId: string, id: string, change: RegistrationChange): Registration {
    const current = this.checkKnown(businessId, id);
    const updated: Registration = {
      ...current,
      address: change.address ?? current.address,
      configuration: { ...current.configuration, ...change.configuration },
    };
    this.#byBusiness.get(businessId)?.set(id, updated);
    return updated;
  }

  delete(businessId: string, id: string): void {
    this.checkKnown(businessId, id);
    this.#byBusiness.get(businessId)?.delete(id);
  }

  clear(): void {
    this.#byBusiness.clear();
  }
}

export function readNewRegistration(json: unknown): NewRegistration {
  const body = new FieldReader(json);
  const topic = body.oneOf('topic', topics) ?? body.fail('topic', 'is required');
  const address = body.requiredString('address');
  checkAddress(body, address);
  body.oneOf('type', registrationTypes);
  return { topic, address, configuration: readConfiguration(body) };
}

export function readRegistrationChange(json: unknown): RegistrationChange {
  const body = new FieldReader(json);
  if (body.has('topic')) body.fail('topic', 'cannot be changed');
  const address = body.string('address');
  if (address !== undefined) checkAddress(body, address);
  return { address, configuration: readConfiguration(body) };
}

/** The vendor wants a public HTTPS address. Plain HTTP to this machine is allowed here, because this is a local stand-in. */
function checkAddress(body: FieldReader, address: string): void {
  if (!URL.canParse(address)) body.fail('address', 'must be a URL');
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))) return;
  body.fail('address', 'must be an https URL');
}

function readConfiguration(body: FieldReader): JsonObject {
  const configuration = body.object('configuration');
  if (configuration === undefined) return {};
  configuration.boolean('echo');
  configuration.strings('channelTypes');
  for (const [index, item] of (configuration.array('filters') ?? []).entries()) {
    const filter = new FieldReader(item, `configuration.filters[${index}]`);
    filter.requiredString('field');
    filter.requiredString('expression');
  }
  configuration.object('webengageConfiguration');
  return configuration.raw();
}
