// The gong, made by the browser's own oscillators: no file, nothing to fetch.

const TONES = [
  { hz: 659.26, at_s: 0, length_s: 1.6 },
  { hz: 523.25, at_s: 0.45, length_s: 2.0 },
];
const OVERTONES = [
  { ratio: 1, gain: 0.5 },
  { ratio: 2.76, gain: 0.12 },
];
const SILENCE = 0.0001;
const ATTACK_S = 0.01;

/** From here on a voice is understood over what still rings. */
export const GONG_S = 1.5;

/** Strikes now, into this node of a running context. */
export function strike(into) {
  for (const tone of TONES) for (const overtone of OVERTONES) sound(into, tone, overtone);
}

function sound(into, { hz, at_s, length_s }, { ratio, gain }) {
  const { context } = into;
  const start = context.currentTime + at_s;
  const volume = context.createGain();
  volume.gain.setValueAtTime(SILENCE, start);
  volume.gain.exponentialRampToValueAtTime(gain, start + ATTACK_S);
  volume.gain.exponentialRampToValueAtTime(SILENCE, start + length_s / ratio);
  const oscillator = new OscillatorNode(context, { frequency: hz * ratio });
  oscillator.connect(volume).connect(into);
  oscillator.start(start);
  oscillator.stop(start + length_s);
}
