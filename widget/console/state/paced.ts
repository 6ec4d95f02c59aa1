// A list that changes many times a second is drawn twice a second: the eye reads no faster, and the desk stays quick.

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const PACE = 500;
/** Up to so many rows every change is drawn at once. */
const FEW = 60;

export function usePaced<T>(source: ReadonlySignal<readonly T[]>): readonly T[] {
  const shown = useSignal(source.peek());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      shown.value = source.peek();
    };
    const end = source.subscribe((rows) => {
      if (rows.length <= FEW || !shown.peek().length) {
        clearTimeout(timer);
        draw();
      } else timer ??= setTimeout(draw, PACE);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [source]);
  return shown.value;
}
