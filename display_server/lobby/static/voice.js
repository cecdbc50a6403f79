/*
 * What the display says: one call after the other, gong first, each language in order, never two at once, each call
 * once. What is seen never waits for it, and nothing here throws into the page.
 *
 *   const voice = Voice.of(element, (zoneId) => stream);  data-voice="{{ voice_facts(display) }}" (spoken.py)
 *   voice.announce({ id, number, counter, zone, at_ms, recall });  ids, as strings   voice.retract(id, zone);
 *   voice.setVolume(percent);   voice.testTone();   voice.audio          "running" | "suspended" | "none"
 *
 * Events: `audio` {audio} on every change · `begin` {calls, audio} and `end` {calls, spoken, failed, gong} of each
 * announcement · `drop` {calls} for what has become too old to be said.
 */

import { GONG_S, strike } from "./gong.js";
import { Sounds } from "./sounds.js";
import { Volume } from "./volume.js";
import { Waiting } from "./waiting.js";

const SPEECH_WITHIN_MS = 2000;
const PAUSE_MS = 350;
const ENDED_WITHIN_MS = 1500;
const LOOK_AGAIN_MS = 1000;
const GESTURES = ["pointerdown", "keydown"];

export class Voice extends EventTarget {
  #place;
  #streamOf;
  #waiting;
  #volume;
  #context = null;
  #out = null;
  #sounds = null;
  #stuck = false;
  #busy = false;
  #tones = 0;

  static of(element, streamOf) {
    return new Voice(JSON.parse(element.dataset.voice), streamOf);
  }

  /** @param streamOf gives a zone's stream, whose clock tells how old a call is */
  constructor(place, streamOf = () => null) {
    super();
    this.#place = place;
    this.#streamOf = streamOf;
    this.#waiting = new Waiting(place, memory(`voice:${location.pathname}`));
    this.#volume = new Volume(place, () => this.#now(place.zone));
    this.#openContext();
    for (const gesture of GESTURES) addEventListener(gesture, () => this.#context?.resume().catch(quiet));
    if (this.#waiting.size) this.#work();
  }

  get audio() {
    if (!this.#context) return "none";
    return this.#context.state === "running" && !this.#stuck ? "running" : "suspended";
  }

  get volume() {
    return this.#volume.percent;
  }

  /** A call that lacks its number or counter is nothing that anybody could follow: it is not said. */
  announce(call) {
    if (!this.#place.on && !this.#place.gong) return;
    if (!call.number || !call.counter) return this.#tell("drop", { calls: [call] });
    if (!this.#waiting.add(call, this.#ageS(call))) return;
    this.#urls([call]).forEach((url) => this.#sounds?.get(url));
    this.#work();
  }

  retract(id, zone) {
    this.#waiting.retract(id, zone);
  }

  setVolume(percent) {
    this.#volume.tell(percent);
    this.#applyVolume();
  }

  /** The gong, as soon as nobody speaks. */
  testTone() {
    this.#tones += 1;
    this.#work();
  }

  #openContext() {
    if (!("AudioContext" in window)) return;
    this.#context = new AudioContext();
    this.#context.addEventListener("statechange", () => this.#tellAudio());
    this.#out = this.#context.createGain();
    this.#out.connect(this.#context.destination);
    this.#sounds = new Sounds(this.#context);
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    await null; // whatever is called in one moment is there before the first is begun
    try {
      while (this.#waiting.size || this.#tones) await this.#step();
    } catch (error) {
      console.warn(error);
    } finally {
      this.#busy = false;
    }
  }

  /** While the browser allows no sound, calls wait until they are too old, or until somebody touches the screen. */
  async #step() {
    const dropped = this.#waiting.drop();
    if (dropped.length) this.#tell("drop", { calls: dropped });
    if (!this.#canPlay()) return this.#holdOut();
    this.#applyVolume();
    if (this.#tones) return this.#tone();
    const calls = this.#waiting.next();
    if (calls.length) await this.#say(calls);
  }

  async #holdOut() {
    this.#tones = 0;
    if (this.#waiting.size) await pause(LOOK_AGAIN_MS);
  }

  #canPlay() {
    return this.#context?.state === "running";
  }

  async #tone() {
    this.#tones -= 1;
    await this.#strike();
  }

  async #say(calls) {
    this.#tell("begin", { calls, audio: this.audio });
    const sounds = this.#urls(calls).map((url) => this.#sounds.get(url));
    if (this.#place.gong) await this.#strike();
    const spoken = [];
    for (const [at, sound] of sounds.entries()) {
      const buffer = await Promise.race([sound, pause(SPEECH_WITHIN_MS)]);
      if (buffer && (await this.#play(buffer))) spoken.push(this.#place.languages[at]);
      await pause(PAUSE_MS);
    }
    const failed = this.#place.on ? this.#place.languages.filter((language) => !spoken.includes(language)) : [];
    const mute = !spoken.length && !this.#place.gong;
    if (mute) await this.#strike();
    this.#tell("end", { calls, spoken, failed, gong: this.#place.gong || mute });
  }

  async #strike() {
    strike(this.#out);
    await pause(1000 * GONG_S);
  }

  /** @returns whether it was heard to its end */
  async #play(buffer) {
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#out);
    const ended = new Promise((done) => source.addEventListener("ended", () => done(true)));
    source.start();
    const heard = Boolean(await Promise.race([ended, pause(1000 * buffer.duration + ENDED_WITHIN_MS)]));
    if (this.#stuck !== !heard) {
      this.#stuck = !heard;
      this.#tellAudio();
    }
    return heard;
  }

  #urls(calls) {
    if (!this.#place.on) return [];
    const query = new URLSearchParams(calls.map(({ zone, number, counter }) => ["call", `${zone}:${number}:${counter}`]));
    if (calls.length === 1 && calls[0].recall) query.set("again", "1");
    return this.#place.languages.map((language) => `${this.#place.say}/${language}.wav?${query}`);
  }

  #applyVolume() {
    if (this.#out) this.#out.gain.value = this.#volume.gain;
  }

  #now(zone) {
    return this.#streamOf(zone)?.now() ?? Date.now();
  }

  #ageS({ zone, at_ms }) {
    const rate = this.#streamOf(zone)?.clock?.rate || 1;
    return (this.#now(zone) - at_ms) / 1000 / rate;
  }

  #tellAudio() {
    this.#tell("audio", { audio: this.audio });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const quiet = () => null;

/** A browser without storage forgets with its page. */
function memory(key) {
  return {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        sessionStorage.setItem(key, JSON.stringify(value));
      } catch {
        quiet();
      }
    },
  };
}
