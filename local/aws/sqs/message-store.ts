import { DueHeap } from './due-heap.ts';
import type { Message } from './message.ts';

/** A message's place on one queue. */
export interface Entry {
  readonly message: Message;
  /** When it came to this queue: later than it was sent, when it comes from another one. */
  readonly addedAt: number;
  state: 'visible' | 'delayed' | 'in-flight';
  /** Grows with every change of state, so that the lists below can tell their stale items. */
  turn: number;
  /** When a delayed or received message becomes visible. */
  visibleAt: number;
  /** How often this queue handed it out; the handle of the last time is the one that counts. */
  receipt: number;
  lastReceivedAt: number;
  /** How often this queue delivered it: what its own redrive policy counts. */
  received: number;
}

interface Item {
  readonly entry: Entry;
  readonly turn: number;
}

export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/**
 * The messages of one queue by state. Knows no clock: callers say what time it is, and `settle` first. Removal is
 * lazy: an item whose entry has moved on is skipped when its list comes to it.
 */
export class MessageStore {
  readonly #entries = new Map<string, Entry>();
  readonly #hidden = new DueHeap<Item>();
  #line: Item[] = [];
  #head = 0;
  #counts = { visible: 0, 'in-flight': 0, delayed: 0 };

  counts(): MessageCounts {
    return {
      visible: this.#counts.visible,
      inFlight: this.#counts['in-flight'],
      delayed: this.#counts.delayed,
    };
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  get(messageId: string): Entry | undefined {
    return this.#entries.get(messageId);
  }

  add(message: Message, visibleAt: number, now: number): void {
    const entry: Entry = {
      message,
      addedAt: now,
      state: 'visible',
      turn: 0,
      visibleAt,
      receipt: 0,
      lastReceivedAt: 0,
      received: 0,
    };
    this.#entries.set(message.id, entry);
    this.#counts.visible += 1;
    if (visibleAt > now) this.hide(entry, 'delayed', visibleAt);
    else this.#line.push({ entry, turn: entry.turn });
  }

  remove(entry: Entry): void {
    entry.turn += 1;
    this.#counts[entry.state] -= 1;
    this.#entries.delete(entry.message.id);
  }

  clear(): void {
    for (const entry of this.#entries.values()) entry.turn += 1;
    this.#entries.clear();
    this.#line = [];
    this.#head = 0;
    this.#counts = { visible: 0, 'in-flight': 0, delayed: 0 };
  }

  hide(entry: Entry, state: 'delayed' | 'in-flight', visibleAt: number): void {
    this.#move(entry, state);
    entry.visibleAt = visibleAt;
    this.#hidden.push(visibleAt, { entry, turn: entry.turn });
    // Deleted messages leave their items behind until they are due, which may be hours.
    if (this.#hidden.size > 2 * (this.#counts['in-flight'] + this.#counts.delayed) + 1_000)
      this.#hidden.keep((item) => isCurrent(item));
  }

  /** Puts a message at the end of the line, or at its front when it was never really away. */
  show(entry: Entry, place: 'front' | 'end'): void {
    this.#move(entry, 'visible');
    const item = { entry, turn: entry.turn };
    if (place === 'end') this.#line.push(item);
    else if (this.#head > 0) this.#line[--this.#head] = item;
    else this.#line.unshift(item);
  }

  /** Takes the next visible message out of the line; it stays `visible` until the caller hides, shows or removes it. */
  next(): Entry | undefined {
    while (this.#head < this.#line.length) {
      const item = this.#line[this.#head++];
      if (this.#head > 1_000 && this.#head * 2 > this.#line.length) {
        this.#line = this.#line.slice(this.#head);
        this.#head = 0;
      }
      if (item !== undefined && isCurrent(item)) return item.entry;
    }
    return undefined;
  }

  /** Makes visible what has become so by `now`. */
  settle(now: number): void {
    for (let due = this.#nextHidden(); due !== undefined && due.dueAt <= now; due = this.#nextHidden()) {
      this.#hidden.pop();
      this.show(due.item.entry, 'end');
    }
  }

  /** When the next hidden message becomes visible. */
  nextVisibleAt(): number | undefined {
    return this.#nextHidden()?.dueAt;
  }

  #nextHidden() {
    for (;;) {
      const due = this.#hidden.peek();
      if (due === undefined || isCurrent(due.item)) return due;
      this.#hidden.pop();
    }
  }

  #move(entry: Entry, state: Entry['state']): void {
    this.#counts[entry.state] -= 1;
    this.#counts[state] += 1;
    entry.state = state;
    entry.turn += 1;
  }
}

const isCurrent = ({ entry, turn }: Item): boolean => entry.turn === turn;
