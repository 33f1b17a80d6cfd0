import { useStation } from '../stores/station.ts';

/** What a platform is called at this desk. */
export function usePlatformTitle(): (id: string) => string {
  const platforms = useStation((state) => state.platforms);
  return (id) => platforms.find((one) => one.id === id)?.title ?? id;
}
