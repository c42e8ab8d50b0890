// SPDX-License-Identifier: Apache-2.0
// Input: gzip if it begins so; deflated data without a frame otherwise, so that no checksum has to
// be guessed.
//
//  - What zlib takes ISA-L takes, and makes the same of it.
//  - What only ISA-L takes has an incomplete set of Huffman codes: see inflater_test.cpp.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "codec/gzip.hpp"
#include "codec/inflater.hpp"
#include "decoding.hpp"

using namespace acistore;
using namespace acistore::fuzz;

namespace {

// ISA-L and zlib, if the build has them.
using MakeInflater = std::unique_ptr<Inflater> (*)();
constexpr MakeInflater kLibraries[] = {
#if ACISTORE_WITH_ISAL
    make_isal_inflater,
#endif
#if ACISTORE_WITH_ZLIB
    make_zlib_inflater,
#endif
};

// A reader that belongs to somebody else.
class Borrowed final : public Reader {
 public:
  explicit Borrowed(Reader& reader) : reader_(reader) {}
  std::size_t read(std::span<std::byte> out) override { return reader_.read(out); }

 private:
  Reader& reader_;
};

Decode decode_by(MakeInflater make) {
  return [make](Reader& compressed) {
    return make_gzip_decoder(std::make_unique<Borrowed>(compressed), make());
  };
}

// How zlib begins to say what is wrong with a set of Huffman codes.
bool is_about_a_set(std::string_view error) {
  for (const char* set : {"code lengths set", "literal/lengths set", "distances set"}) {
    if (error.find(set) != std::string_view::npos) return true;
  }
  return false;
}

void check_libraries(const Decoded& isal, const Decoded& zlib) {
  if (is_about_a_set(zlib.error)) {
    require(isal.bytes.starts_with(zlib.bytes), "ISA-L gives what zlib gives", zlib.error);
    return;
  }
  const bool is_refused = !zlib.error.empty();
  require(isal.error.empty() != is_refused, "ISA-L and zlib accept the same",
          zlib.error + "\n" + isal.error);
  if (!is_refused) require(isal.bytes == zlib.bytes, "ISA-L and zlib make the same of it");
}

// Inflates all of `deflated`, which comes in runs of `run` bytes.
Decoded inflate(std::string_view deflated, Inflater& inflater, std::size_t run) {
  Decoded decoded;
  std::vector<std::byte> out(1 << 16);
  inflater.reset();
  std::size_t at = 0;
  while (decoded.bytes.size() < kMostDecoded) {
    const std::string_view in = deflated.substr(at, run);
    const Inflater::Step step = inflater.inflate(as_bytes(in), out);
    require(step.produced <= out.size(), "an inflater stays in its buffer");
    require(step.consumed <= static_cast<std::ptrdiff_t>(in.size()), "it consumes what it has");
    const std::ptrdiff_t consumed = static_cast<std::ptrdiff_t>(at) + step.consumed;
    // Where the damage begins is an estimate.
    const bool is_damaged = step.status == Inflater::Status::kDamaged;
    require(consumed >= 0 || is_damaged, "it gives back what it had");
    at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(consumed, 0));
    decoded.bytes += as_text(Bytes(out).first(step.produced));
    if (step.status == Inflater::Status::kDone) {
      decoded.is_whole = true;
      decoded.bytes += "\nconsumed " + std::to_string(at);
      break;
    }
    if (is_damaged) {
      decoded.error = step.damage.empty() ? "damaged" : step.damage;
      break;
    }
    if (step.produced == 0 && in.empty()) {
      decoded.error = "truncated";
      break;
    }
  }
  decoded.bytes.resize(std::min(decoded.bytes.size(), kMostDecoded));
  return decoded;
}

void check_deflated(std::string_view deflated) {
  std::vector<Decoded> all;
  for (const MakeInflater make : kLibraries) {
    const auto inflater = make();
    all.push_back(inflate(deflated, *inflater, deflated.size() + 1));
    require_alike(all.back(), inflate(deflated, *inflater, 5), "runs make no difference");
  }
  if (all.size() == 2) check_libraries(all[0], all[1]);
}

void check_gzip(std::string_view compressed) {
  std::vector<Decoded> all;
  for (const MakeInflater make : kLibraries)
    all.push_back(check_runs(compressed, decode_by(make)));
  if (all.size() == 2) check_libraries(all[0], all[1]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = text_of(data, size);
  if (input.starts_with("\x1f\x8b")) {
    check_gzip(input);
    check_abandoning(input, decode_on(1));
  } else {
    check_deflated(input);
  }
  return 0;
}
