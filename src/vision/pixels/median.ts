/**
 * The middle value (of an even number the upper of the two), 0 of none. Orders `values` as far as it needs to: Hoare's selection, "Algorithm 65:
 * find" (1961), which a sort costs several times.
 */
export function upperMedian(values: Float32Array): number {
  const wanted = values.length >> 1;
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1] as number;
    let low = left;
    let high = right;
    while (low <= high) {
      while ((values[low] as number) < pivot) low++;
      while ((values[high] as number) > pivot) high--;
      if (low > high) break;
      const held = values[low] as number;
      values[low++] = values[high] as number;
      values[high--] = held;
    }
    if (wanted <= high) right = high;
    else if (wanted >= low) left = low;
    else break;
  }
  return values[wanted] ?? 0;
}
