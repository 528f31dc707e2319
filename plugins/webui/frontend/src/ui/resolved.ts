/** A colour of the style sheets as a canvas can use it: that knows neither variables nor `light-dark()`. */
export function resolved(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
