import { describe, expect, it } from 'vitest';
import { settleConditions } from '../../../resources/conditions.ts';

const equals = (one: unknown, other: unknown) => ({ 'Fn::Equals': [one, other] });
const known = {
  Yes: equals('a', 'a'),
  No: { 'Fn::Not': [{ Condition: 'Yes' }] },
  AsText: equals(true, 'true'),
  Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
  Either: { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] },
};
const open = { Open: equals({ Ref: 'AWS::Region' }, 'us-east-1') };
const noValue = { Ref: 'AWS::NoValue' };

/** What a property with this expression becomes; undefined when it is gone. */
function settled(expression: unknown): unknown {
  const { Resources: resources } = settleConditions({
    Conditions: { ...known, ...open },
    Resources: { Thing: { Type: 'A::B::C', Properties: { value: expression } } },
  });
  const { Properties: properties }: { Properties?: { value?: unknown } } = resources['Thing'] ?? {};
  return properties?.value;
}

describe('Conditions that are known when packaging', () => {
  it.each([
    ['Yes', 1],
    ['No', 2],
    ['AsText', 1],
    ['Both', 2],
    ['Either', 1],
  ])('choose in Fn::If by %s', (condition, expected) => {
    const value = settled({ 'Fn::If': [condition, 1, 2] });

    expect(value).toBe(expected);
  });

  it('choose inside of what they have chosen', () => {
    const value = settled({ 'Fn::If': ['Yes', { inner: { 'Fn::If': ['No', 1, [2]] } }, 3] });

    expect(value).toEqual({ inner: [2] });
  });

  it('leave out properties and entries of lists', () => {
    const list = settled([1, { 'Fn::If': ['No', 2, noValue] }, 3]);
    const property = settled({ 'Fn::If': ['Yes', noValue, 1] });

    expect(list).toEqual([1, 3]);
    expect(property).toBeUndefined();
  });

  it('leave out resources and outputs, or let them in without a condition, and go themselves', () => {
    const template = settleConditions({
      Conditions: known,
      Resources: { In: { Type: 'A', Condition: 'Yes' }, Out: { Type: 'B', Condition: 'No' } },
      Outputs: { In: { Value: 1, Condition: 'Yes' }, Out: { Value: 2, Condition: 'No' } },
    });

    expect(template).toEqual({ Resources: { In: { Type: 'A' } }, Outputs: { In: { Value: 1 } } });
  });

  it('do not change the template that they are given', () => {
    const template = { Conditions: known, Resources: { In: { Type: 'A', Condition: 'Yes' } } };
    const before = structuredClone(template);

    settleConditions(template);

    expect(template).toEqual(before);
  });
});

describe('A condition that only a deployment can answer', () => {
  it('stays, with all that hangs on it', () => {
    const expression = { 'Fn::If': ['Open', 1, noValue] };
    const template = {
      Conditions: open,
      Resources: { Thing: { Type: 'A', Condition: 'Open', Properties: { value: expression } } },
    };

    const result = settleConditions(template);

    expect(result).toEqual(template);
  });

  it('leaves open what is made of it, unless another part decides', () => {
    const made = {
      Not: { 'Fn::Not': [{ Condition: 'Open' }] },
      And: { 'Fn::And': [{ Condition: 'Open' }, { Condition: 'Yes' }] },
      Or: { 'Fn::Or': [{ Condition: 'Open' }, { Condition: 'No' }] },
      Never: { 'Fn::And': [{ Condition: 'Open' }, { Condition: 'No' }] },
      Always: { 'Fn::Or': [{ Condition: 'Open' }, { Condition: 'Yes' }] },
    };

    const { Conditions: left } = settleConditions({
      Conditions: { ...known, ...open, ...made },
      Resources: {},
    });

    expect(Object.keys(left ?? {})).toEqual(['Open', 'Not', 'And', 'Or']);
  });
});
