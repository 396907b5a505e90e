#include "app/reading_options.h"

namespace einthoven::app {

Command& add_reading_options(Command& command, format::ReadOptions& read,
                             const ReadingNames& names) {
  return command
      .option(names.rate, read.rate_hz,
              "sample rate in Hz, for files that do not name one (or a CSV's wrong one)")
      .option(names.gain, read.gain_adu_per_mv, "ADC units per mV, for integer arrays")
      .option("--lead-names", read.leads, "names of the leads, for files without them");
}

}  // namespace einthoven::app
