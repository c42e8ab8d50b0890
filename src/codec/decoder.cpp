// SPDX-License-Identifier: Apache-2.0
#include "codec/decoder.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

namespace acistore {
namespace {

constexpr std::size_t kInputBytes = std::size_t{256} * 1024;

// zlib and libbz2 count in 32 bits.
constexpr std::size_t kMaxStepBytes = std::size_t{1} << 30;

}  // namespace

Decoder::Decoder(std::string_view format, std::unique_ptr<Reader> compressed)
    : format_(format),
      compressed_(std::move(compressed)),
      buffer_(std::make_unique<std::byte[]>(kMaxGivenBack + kInputBytes)),
      input_(buffer_.get() + kMaxGivenBack, 0) {}

void Decoder::begin_at(std::uint64_t offset, bool in_stream) {
  offset_ = offset;
  in_stream_ = in_stream;
}

std::size_t Decoder::read(std::span<std::byte> out) {
  // A copy: whoever catches it adds context.
  if (failure_) throw *failure_;
  out_ = out.first(std::min(out.size(), kMaxStepBytes));
  const std::size_t room = out_.size();
  try {
    while (!ended_ && !out_.empty()) {
      if (out_.size() < room && is_idle()) break;
      work();
    }
  } catch (const Error& error) {
    failure_ = error;
    if (out_.size() == room) throw;
  }
  return room - out_.size();
}

bool Decoder::is_idle() {
  return !ended_ && !failure_ && input_.empty() && !input_ended_ && compressed_->is_idle();
}

void Decoder::work() {
  if (!in_stream_) {
    in_stream_ = start_stream();
    stream_start_ = offset_;
    ended_ = !in_stream_;
    return;
  }
  const std::size_t room_before = out_.size();
  const std::uint64_t offset_before = offset_;
  const Bytes in = peek();
  if (decode_some(in, out_)) {
    in_stream_ = false;
    finish_stream();
  } else if (out_.size() == room_before && offset_ == offset_before) {
    // No library stands still while it has both input and room; if one does, it is not asked again.
    throw invalid(in.empty() ? "truncated" : "damaged");
  }
}

void Decoder::advance(std::size_t consumed, std::size_t produced) {
  input_ = input_.subspan(consumed);
  offset_ += consumed;
  out_ = out_.subspan(produced);
  produced_ += produced;
}

void Decoder::give_back(std::size_t count) {
  input_ = {input_.data() - count, input_.size() + count};
  offset_ -= count;
}

Bytes Decoder::peek() {
  if (input_.empty() && !input_ended_) {
    std::byte* const start = buffer_.get() + kMaxGivenBack;
    std::copy_n(input_.data() - kMaxGivenBack, kMaxGivenBack, buffer_.get());
    input_ = {start, compressed_->read({start, kInputBytes})};
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
