/* date.h: when something was measured. */
#ifndef COMMON_DATE_H
#define COMMON_DATE_H

#define DATE_SIZE 24

/* Now, in UTC: 2026-11-24T18:46:11Z. */
void date_now(char text[DATE_SIZE]);

#endif /* COMMON_DATE_H */
