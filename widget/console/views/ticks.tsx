// Any of a few, as a list of boxes to tick.

export interface Tick {
  readonly id: string;
  readonly name: string;
  readonly more?: string;
}

export function Ticks({ label, all, on, none, onChange }: {
  label: string;
  all: readonly Tick[];
  on: ReadonlySet<string>;
  /** What is said where there is nothing to tick. */
  none: string;
  onChange: (on: ReadonlySet<string>) => void;
}) {
  const turn = (id: string) => {
    const next = new Set(on);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <div class="field" role="group" aria-label={label}>
      <span>{label}</span>
      {all.length ? (
        <div class="choices">
          {all.map((one) => (
            <label class="choice" key={one.id}>
              <input type="checkbox" checked={on.has(one.id)} onChange={() => turn(one.id)} />
              <span class="cut" dir="auto">{one.name}</span>
              {one.more && <span class="more cut" dir="auto">{one.more}</span>}
            </label>
          ))}
        </div>
      ) : <p class="quiet">{none}</p>}
    </div>
  );
}
