const builtIns: Readonly<Record<string, object>> = {
  globalThis,
  'Object.prototype': Object.prototype,
  'Function.prototype': Function.prototype,
  'Array.prototype': Array.prototype,
  'String.prototype': String.prototype,
  'Number.prototype': Number.prototype,
  'Boolean.prototype': Boolean.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Promise.prototype': Promise.prototype,
  'Error.prototype': Error.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'Date.prototype': Date.prototype,
  'Uint8Array.prototype': Uint8Array.prototype,
  'Buffer.prototype': Buffer.prototype,
  Object,
  Array,
  String,
  Buffer,
  Promise,
  JSON,
  Math,
  Reflect,
  'process.env': process.env,
};

type Snapshot = ReadonlyMap<object, ReadonlyMap<PropertyKey, PropertyDescriptor>>;

/** Notes every property of the built-in objects that hostile JSON likes to reach. */
export function snapshotBuiltIns(): Snapshot {
  // Node loads its HTTP client when somebody first asks for it, which may be anybody, and marks the global object then.
  void globalThis.Response;
  return new Map(Object.values(builtIns).map((object) => [object, propertiesOf(object)]));
}

/** What has changed since, by name, such as `Object.prototype.polluted`. What was added is removed again. */
export function changedBuiltIns(before: Snapshot): readonly string[] {
  const changes: string[] = [];
  for (const [name, object] of Object.entries(builtIns)) {
    const was = before.get(object) ?? new Map<PropertyKey, PropertyDescriptor>();
    const is = propertiesOf(object);
    for (const key of new Set([...was.keys(), ...is.keys()])) {
      if (isSame(was.get(key), is.get(key))) continue;
      changes.push(`${name}.${String(key)}`);
      if (!was.has(key)) Reflect.deleteProperty(object, key);
    }
  }
  return changes;
}

function propertiesOf(object: object): ReadonlyMap<PropertyKey, PropertyDescriptor> {
  const properties = new Map<PropertyKey, PropertyDescriptor>();
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor !== undefined) properties.set(key, descriptor);
  }
  return properties;
}

function isSame(one: PropertyDescriptor | undefined, other: PropertyDescriptor | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Object.is(one.value, other.value) && one.get === other.get && one.set === other.set;
}
