// SPDX-License-Identifier: Apache-2.0
#include "codec/decoder.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "codec/codec.hpp"

namespace acistore {
namespace {

// zlib and libbz2 count in 32 bits.
constexpr std::size_t kMaxStepBytes = std::size_t{1} << 30;

}  // namespace

Decoder::Decoder(std::string_view format, std::unique_ptr<Source> compressed)
    : format_(format),
      compressed_(std::move(compressed)),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kDecoderRunBytes)) {}

Bytes Decoder::next() {
  // A copy: whoever catches it adds context.
  if (failure_) throw *failure_;
  filled_ = 0;
  try {
    while (!ended_ && filled_ < kDecoderRunBytes)
      work();
  } catch (const Error& error) {
    failure_ = error;
    if (filled_ == 0) throw;
  }
  return {buffer_.get(), filled_};
}

void Decoder::work() {
  if (!in_stream_) {
    in_stream_ = start_stream();
    stream_start_ = offset_;
    ended_ = !in_stream_;
    return;
  }
  const std::size_t filled_before = filled_;
  const std::uint64_t offset_before = offset_;
  const Bytes available = peek();
  const Bytes in = available.first(std::min(available.size(), kMaxStepBytes));
  if (decode_some(in, {buffer_.get() + filled_, kDecoderRunBytes - filled_})) {
    in_stream_ = false;
    finish_stream();
  } else if (filled_ == filled_before && offset_ == offset_before) {
    // No library stands still while it has both input and room; if one does, it is not asked again.
    throw invalid(in.empty() ? "truncated" : "damaged");
  }
}

void Decoder::advance(std::size_t consumed, std::size_t produced) {
  input_ = input_.subspan(consumed);
  offset_ += consumed;
  filled_ += produced;
}

Bytes Decoder::peek() {
  if (input_.empty() && !input_ended_) {
    input_ = compressed_->next();
    input_ended_ = input_.empty();
  }
  return input_;
}

std::uint8_t Decoder::take_byte() {
  if (peek().empty()) throw invalid("truncated");
  const auto byte = std::to_integer<std::uint8_t>(input_.front());
  advance(1, 0);
  return byte;
}

std::uint64_t Decoder::pass_zeros() {
  const std::uint64_t before = offset_;
  while (!peek().empty() && input_.front() == std::byte{0}) {
    const auto other = std::ranges::find_if(input_, [](std::byte b) { return b != std::byte{0}; });
    advance(static_cast<std::size_t>(other - input_.begin()), 0);
  }
  return offset_ - before;
}

Error Decoder::invalid(std::string_view what, std::string_view detail) const {
  return invalid_at(offset_, what, detail);
}

Error Decoder::invalid_at(std::uint64_t offset, std::string_view what,
                          std::string_view detail) const {
  std::string message(format_);
  message.append(": ").append(what).append(" at byte ").append(std::to_string(offset));
  message += " of the compressed data";
  if (!detail.empty()) message.append(" (").append(detail).append(")");
  return Error(ErrorKind::kInvalid, std::move(message));
}

void Decoder::throw_out_of_memory() const {
  throw system_error(ENOMEM, format_);
}

}  // namespace acistore
