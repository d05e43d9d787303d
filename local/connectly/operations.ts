import { customerOfTemplate } from '../../connectly-events/addresses.ts';
import { Refusal } from '../../connectly-events/refusals.ts';
import type { Clock } from '../clock.ts';
import type { EligibilityWindows } from './eligibility-windows.ts';
import { FieldError, isJsonObject } from './fields.ts';
import type { AcceptedMessage, Journal, RequestRecord } from './journal.ts';
import { type Registrations, readNewRegistration, readRegistrationChange } from './registrations.ts';
import type { Route } from './routes.ts';
import type { SendRequest } from './send-request.ts';
import { readSessionMessage } from './session-message.ts';
import { defaultBusinessNumber, type Settings } from './settings.ts';
import { readTemplatedMessage } from './templated-message.ts';

/** What an endpoint does when nothing goes wrong. */
export interface Done {
  readonly status: number;
  readonly json: unknown;
  readonly messageId: string | null;
}

/** A request that passed every check. Nothing has happened until `perform` is called. */
export interface Operation {
  perform(): Done;
}

export interface OperationParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly windows: EligibilityWindows;
  readonly registrations: Registrations;
  readonly settings: () => Settings;
  readonly newId: () => string;
  readonly onAccepted: (message: AcceptedMessage) => void;
}

/** Checks a request against the vendor's rules, without any effect. Throws a `Refusal`. */
export function checkOperation(
  route: Route,
  request: Omit<RequestRecord, 'outcome'>,
  parts: OperationParts,
): Operation {
  try {
    return check(route, request, parts);
  } catch (error) {
    if (error instanceof FieldError) throw Refusal.malformed(error.message);
    throw error;
  }
}

/** The customer that a send is for, as far as its body tells, well formed or not; null for anything else. */
export function recipientOf(route: Route, json: unknown): string | null {
  if (!isJsonObject(json)) return null;
  if (route.endpoint === 'send/messages') {
    return isJsonObject(json.recipient) && typeof json.recipient.id === 'string' ? json.recipient.id : null;
  }
  if (route.endpoint !== 'send/whatsapp_templated_messages' || typeof json.number !== 'string') return null;
  return customerOfTemplate(json.number) ?? json.number;
}

function check(route: Route, request: Omit<RequestRecord, 'outcome'>, parts: OperationParts): Operation {
  const { businessId, webhookId } = route;
  const { registrations } = parts;
  switch (route.endpoint) {
    case 'send/messages':
      return sending(readSessionMessage(request.body), { route, request, parts });
    case 'send/whatsapp_templated_messages':
      return sending(readTemplatedMessage(request.body), { route, request, parts });
    case 'create/webhooks': {
      const registration = readNewRegistration(request.body);
      registrations.checkFree(businessId, registration.topic, parts.settings().onTakenTopic === 'replace');
      return { perform: () => done({ id: registrations.create(businessId, registration).id }) };
    }
    case 'update/webhooks': {
      const change = readRegistrationChange(request.body);
      registrations.checkKnown(businessId, webhookId);
      // What the vendor answers is not documented; the id is what creating answers.
      return { perform: () => done({ id: registrations.update(businessId, webhookId, change).id }) };
    }
    case 'webhooks':
      return { perform: () => done({ entity: { businessId, webhooks: registrations.list(businessId) } }) };
    case 'delete/webhooks':
      registrations.checkKnown(businessId, webhookId);
      return {
        perform: () => {
          registrations.delete(businessId, webhookId);
          return done({});
        },
      };
  }
}

function done(json: unknown): Done {
  return { status: 200, json, messageId: null };
}

interface Sending {
  readonly route: Route;
  readonly request: Omit<RequestRecord, 'outcome'>;
  readonly parts: OperationParts;
}

/** The rules that need to know more than the request. */
function sending(send: SendRequest, { route, request, parts }: Sending): Operation {
  const settings = parts.settings();
  const businessNumber = send.senderNumber ?? defaultBusinessNumber(settings);
  if (settings.businessNumbers?.includes(businessNumber) === false) {
    throw new Refusal('ERROR_CODE_INVALID_SENDER_ID');
  }
  if (businessNumber === send.customer) throw new Refusal('ERROR_CODE_MESSAGE_SELF_INVALID');
  if (send.templateName !== undefined) {
    if (settings.missingTemplates.includes(send.templateName)) {
      throw new Refusal('ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND');
    }
    if (settings.optedOut.includes(send.customer)) throw new Refusal('ERROR_CODE_MESSAGE_CUSTOMER_OPTED_OUT');
  } else if (settings.enforceWindows && send.channelType === 'whatsapp') {
    parts.windows.check(businessNumber, send.customer);
  }
  return {
    perform: () => {
      const message: AcceptedMessage = {
        id: parts.newId(),
        endpoint: route.endpoint,
        businessId: route.businessId,
        businessNumber,
        recipient: send.customer,
        send,
        receivedAt: parts.clock.now(),
        request,
      };
      parts.journal.accepted(message);
      parts.onAccepted(message);
      return { status: parts.settings().acceptStatus, json: { id: message.id }, messageId: message.id };
    },
  };
}
