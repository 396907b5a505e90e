/* Reading of WFDB records by the WFDB library in the way its guide shows: isigopen, then getvec and aduphys for every
   sample. Records a second of CPU time.

   cc -O2 bench/peer_wfdb.c -o peer_wfdb $(wfdb-config --cflags --libs)
   ./peer_wfdb RECORD [SECONDS]        (RECORD without extension, in the current folder) */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wfdb/wfdb.h>

int main(int argc, char **argv) {
  double limit = argc > 2 ? atof(argv[2]) : 2, sum = 0;
  long records = 0, samples = 0;
  clock_t start = clock();
  do {
    WFDB_Siginfo signals[64];
    WFDB_Sample frame[64];
    int count = isigopen(argv[1], signals, 64), i;
    if (count < 1) return 1;
    while (getvec(frame) > 0)
      for (i = 0; i < count; ++i, ++samples) sum += aduphys(i, frame[i]);
    wfdbquit();
    ++records;
  } while ((double)(clock() - start) / CLOCKS_PER_SEC < limit);
  printf("%.1f records/s (%ld samples each, sum %g)\n", records * (double)CLOCKS_PER_SEC / (clock() - start),
         samples / records, sum);
  return 0;
}
