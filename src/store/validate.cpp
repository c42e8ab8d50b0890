// SPDX-License-Identifier: Apache-2.0
#include "store/validate.hpp"

#include "aci/archive_check.hpp"
#include "base/ordered_jobs.hpp"
#include "base/pipeline.hpp"
#include "codec/codec.hpp"
#include "store/input.hpp"
#include "store/lookup.hpp"
#include "store/read.hpp"

namespace acistore {
namespace {

void check_name(const std::string& file, const ReportProblem& report) {
  if (file == kStandardInput || file.ends_with(".aci")) return;
  report({.severity = Severity::kError,
          .field = "file name",
          .value = file,
          .message = "must end in .aci, however it is compressed"});
}

void check_compression(Compression compression, const ReportProblem& report) {
  if (compression != Compression::kZstd) return;
  report({.severity = Severity::kError,
          .field = "compression",
          .value = std::string(to_text(compression)),
          .message = "must be gzip, bzip2 or xz, or none at all"});
}

}  // namespace

void validate_file(const std::string& file, Progress& progress, const ReportProblem& report) {
  InputFile input(file, progress);
  check_name(file, report);
  const unsigned cores = available_cores();
  DecodedStream decoded{};
  try {
    decoded = decode(input.bytes(), cores);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInvalid) throw;
    report({.severity = Severity::kError,
            .field = "archive",
            .value = {},
            .message = error.message()});
    return;
  }
  check_compression(decoded.compression, report);
  Pipeline bytes(*decoded.bytes, cores > 1 ? Threading::kOwnThread : Threading::kNone);
  try {
    check_archive(bytes, report);
  } catch (...) {
    input.interrupt();
    throw;
  }
  input.interrupt();
}

void validate_image(const Stores& stores, const ImageArgument& image, Progress& progress,
                    const ReportProblem& report) {
  const StoredBlob stored = open_blob(stores, find_image(stores, image).blob);
  const ProgressScope scope(progress, stored.blob.key.text(), stored.file.size);
  FdReader file(stored.file.fd.get());
  ProgressReader counted(file, progress);
  Pipeline bytes(counted, Threading::kNone);
  check_archive(bytes, report);
}

}  // namespace acistore
