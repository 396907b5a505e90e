#include "einthoven/format/wfdb_flac.h"

#include <FLAC/stream_decoder.h>
#include <FLAC/stream_encoder.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

/// FLAC wants an audio rate; WFDB ignores it and writes this one.
constexpr unsigned kNominalRate = 96000;

/// What the callbacks of libFLAC work on. Exceptions must not pass through C code: the first one is
/// kept and rethrown after the call.
struct DecodeState {
  ByteReader input;
  std::size_t channels;
  unsigned max_bits;
  std::int64_t skip;
  std::int64_t wanted;
  std::vector<std::vector<std::int32_t>> output;
  std::exception_ptr error;

  bool done() const { return static_cast<std::int64_t>(output[0].size()) >= wanted; }
  void append(const FLAC__Frame& frame, const FLAC__int32* const buffer[]);
};

void DecodeState::append(const FLAC__Frame& frame, const FLAC__int32* const buffer[]) {
  if (frame.header.channels != channels)
    input.fail("channels", fmt::format("do not match the header (got {}, want {})",
                                       frame.header.channels, channels));
  if (frame.header.bits_per_sample > max_bits)
    input.fail("bits per sample", fmt::format("too many for the format (got {}, want at most {})",
                                              frame.header.bits_per_sample, max_bits));
  const std::int64_t block = frame.header.blocksize;
  const std::int64_t from = std::min(skip, block);
  skip -= from;
  const auto have = static_cast<std::int64_t>(output[0].size());
  const std::int64_t take = std::min(block - from, wanted - have);
  for (std::size_t c = 0; c < channels; ++c)
    output[c].insert(output[c].end(), buffer[c] + from, buffer[c] + from + take);
}

FLAC__StreamDecoderReadStatus on_read(const FLAC__StreamDecoder*, FLAC__byte* to, size_t* size,
                                      void* data) {
  auto& state = *static_cast<DecodeState*>(data);
  *size = std::min(*size, state.input.remaining());
  if (*size == 0) return FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
  std::memcpy(to, state.input.take(*size).data(), *size);
  return FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
}

FLAC__StreamDecoderWriteStatus on_frame(const FLAC__StreamDecoder*, const FLAC__Frame* frame,
                                        const FLAC__int32* const buffer[], void* data) {
  auto& state = *static_cast<DecodeState*>(data);
  try {
    if (!state.done()) state.append(*frame, buffer);
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
  } catch (...) {
    state.error = std::current_exception();
    return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
  }
}

void on_error(const FLAC__StreamDecoder*, FLAC__StreamDecoderErrorStatus status, void* data) {
  auto& state = *static_cast<DecodeState*>(data);
  if (state.error) return;
  try {
    state.input.fail("FLAC stream", FLAC__StreamDecoderErrorStatusString[status]);
  } catch (...) {
    state.error = std::current_exception();
  }
}

FLAC__StreamEncoderWriteStatus on_encoded(const FLAC__StreamEncoder*, const FLAC__byte bytes[],
                                          size_t size, unsigned, unsigned, void* data) {
  static_cast<std::string*>(data)->append(reinterpret_cast<const char*>(bytes), size);
  return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

template <class T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

void check_signature(Bytes file, const std::string& source) {
  if (!as_text(file).starts_with("fLaC"))
    throw data_error(source, "signal file", "is not a FLAC stream");
}

}  // namespace

std::int64_t flac_length(Bytes file, const std::string& source) {
  check_signature(file, source);
  // STREAMINFO is always first; its 36-bit count ends 26 bytes into the file.
  ByteReader reader(file, source);
  reader.seek(18);
  const auto bits = reader.read<std::uint64_t>(std::endian::big);
  const auto total = static_cast<std::int64_t>(bits & 0xFFFFFFFFFULL);
  if (total == 0) reader.fail("number of samples", "is neither in the stream nor in the header");
  return total;
}

std::vector<std::vector<std::int32_t>> decode_flac(Bytes file, const std::string& source,
                                                   int format, std::size_t channels,
                                                   std::int64_t first, std::int64_t count) {
  check_signature(file, source);
  DecodeState state{ByteReader(file, source),
                    channels,
                    static_cast<unsigned>(format - 500),
                    first,
                    count,
                    std::vector<std::vector<std::int32_t>>(channels),
                    nullptr};
  const Handle<FLAC__StreamDecoder> decoder(FLAC__stream_decoder_new(),
                                            FLAC__stream_decoder_delete);
  if (!decoder || FLAC__stream_decoder_init_stream(decoder.get(), on_read, nullptr, nullptr,
                                                   nullptr, nullptr, on_frame, nullptr, on_error,
                                                   &state) != FLAC__STREAM_DECODER_INIT_STATUS_OK)
    throw internal_error("cannot start the FLAC decoder");
  while (!state.done() && !state.error && FLAC__stream_decoder_process_single(decoder.get()) &&
         FLAC__stream_decoder_get_state(decoder.get()) != FLAC__STREAM_DECODER_END_OF_STREAM) {
  }
  if (state.error) std::rethrow_exception(state.error);
  if (!state.done())
    throw data_error(source, "signal file",
                     fmt::format("too short (got {} samples a channel, want {})",
                                 state.output[0].size(), count));
  return std::move(state.output);
}

std::string encode_flac(int format, std::span<const std::vector<std::int32_t>> channels) {
  const Handle<FLAC__StreamEncoder> encoder(FLAC__stream_encoder_new(),
                                            FLAC__stream_encoder_delete);
  if (!encoder) throw internal_error("cannot start the FLAC encoder");
  std::string result;
  FLAC__stream_encoder_set_channels(encoder.get(), static_cast<unsigned>(channels.size()));
  FLAC__stream_encoder_set_bits_per_sample(encoder.get(), static_cast<unsigned>(format - 500));
  FLAC__stream_encoder_set_sample_rate(encoder.get(), kNominalRate);
  FLAC__stream_encoder_set_total_samples_estimate(encoder.get(), channels[0].size());
  if (FLAC__stream_encoder_init_stream(encoder.get(), on_encoded, nullptr, nullptr, nullptr,
                                       &result) != FLAC__STREAM_ENCODER_INIT_STATUS_OK)
    throw internal_error("the FLAC encoder refuses its settings");
  std::vector<const FLAC__int32*> pointers;
  for (const auto& channel : channels) pointers.push_back(channel.data());
  if (!FLAC__stream_encoder_process(encoder.get(), pointers.data(),
                                    static_cast<unsigned>(channels[0].size())) ||
      !FLAC__stream_encoder_finish(encoder.get()))
    throw internal_error("the FLAC encoder failed");
  return result;
}

}  // namespace einthoven::format
