/**
 * Two soft tones for an answer that nobody is looking at.
 *
 * Only after a hand has been on the page: browsers forbid it otherwise, and they are right. Of several tabs one rings.
 */

import type { Desk } from "./desk.ts";

export default function sound({ guard, site }: Desk) {
  let audio: AudioContext | undefined;

  const tone = (at: number, hertz: number) => {
    const source = audio!.createOscillator();
    const volume = audio!.createGain();
    source.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.08, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
    source.connect(volume).connect(audio!.destination);
    source.start(at);
    source.stop(at + 0.4);
  };
  const ring = guard(() => {
    audio ??= new AudioContext();
    void audio.resume();
    tone(audio.currentTime + 0.02, 659.3); // E5, A5: a fourth upwards is heard as a call, not as an alarm
    tone(audio.currentTime + 0.16, 880);
  });

  return {
    play() {
      if (!navigator.userActivation?.hasBeenActive) return;
      if (!navigator.locks) return ring();
      const rest = () => new Promise<void>((done) => setTimeout(done, 1_500));
      navigator.locks.request(`hub:${site}:sound`, { ifAvailable: true }, (held) => held && (ring(), rest())).catch(ring);
    },
  };
}
