// SPDX-License-Identifier: Apache-2.0
#include "store/hash.hpp"

#include "base/hashing_source.hpp"
#include "base/ordered_jobs.hpp"
#include "base/pipeline.hpp"
#include "base/quote.hpp"
#include "codec/codec.hpp"
#include "store/cores.hpp"
#include "store/input.hpp"

namespace acistore {
namespace {

// A key is small: this only keeps the threads from running far ahead of a reader of the results.
constexpr std::size_t kAhead = 64;

ImageKey hash_file(const std::string& file, const Cores& cores, Progress& progress) {
  InputFile input(file, progress);
  const DecodedStream decoded = decode(input.bytes(), cores.decoding);
  Pipeline bytes(*decoded.bytes, cores.threading);
  return ImageKey(sha512_of(bytes));
}

}  // namespace

void hash_files(const std::vector<std::string>& files, unsigned jobs, Progress& progress,
                const std::function<void(const std::variant<HashedFile, Error>&)>& report) {
  using Outcome = std::variant<HashedFile, Error>;
  const Cores cores(jobs, files);
  run_in_order<Outcome>(
      files.size(), cores.workers, kAhead,
      [&](std::size_t i) -> Outcome {
        try {
          return with_context(printable(files[i]), [&] {
            return HashedFile{hash_file(files[i], cores, progress), files[i]};
          });
        } catch (const Error& error) {
          return error;
        }
      },
      [&](std::size_t, const Outcome& outcome) { report(outcome); });
}

}  // namespace acistore
