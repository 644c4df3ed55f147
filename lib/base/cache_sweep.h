/* cache_sweep.h: what writers that were killed have left in a cache directory. */
#ifndef TSR_BASE_CACHE_SWEEP_H
#define TSR_BASE_CACHE_SWEEP_H

/* What a cache file is written under until it is whole: its name, and this for mkstemp. */
#define TSR__CACHE_UNFINISHED ".XXXXXX"

/* Seconds after which nobody can still be writing a file: it takes less than one. */
#define TSR__CACHE_ABANDONED 3600

/* Removes unfinished files that were last written to so long ago, and nothing else. */
void tsr__cache_sweep(const char *directory);

#endif /* TSR_BASE_CACHE_SWEEP_H */
