#pragma once

namespace einthoven::app {

// Of ends that no Error of the library makes (Error::exit_code() has the rest).
inline constexpr int kExitIo = 4;
inline constexpr int kExitInternal = 70;

}  // namespace einthoven::app
