// SPDX-License-Identifier: Apache-2.0
#include "store/unpack.hpp"

#include "base/io.hpp"
#include "base/pipeline.hpp"
#include "base/sha512.hpp"

namespace acistore {
namespace {

// Passes a reader on until a signal comes.
class InterruptibleReader final : public Reader {
 public:
  InterruptibleReader(Reader& reader, const SignalWatch& signals)
      : reader_(reader), signals_(signals) {}
  std::size_t read(std::span<std::byte> out) override {
    signals_.check();
    return reader_.read(out);
  }

 private:
  Reader& reader_;
  const SignalWatch& signals_;
};

}  // namespace

void unpack(const StoredBlob& stored, Progress& progress, const SignalWatch& signals,
            const TakeEntry& take) {
  const ProgressScope scope(progress, stored.blob.key.text(), stored.file.size);
  FdReader file(stored.file.fd.get());
  ProgressReader counted(file, progress);
  InterruptibleReader interruptible(counted, signals);
  Sha512 hash;
  // Making files is the work. Reading and hashing are done beside it.
  Pipeline bytes(interruptible, Threading::kOwnThread, [&](Bytes run) { hash.update(run); });
  const auto verify = [&] {
    while (!bytes.next().empty()) {
    }
    bytes.finish();
    check_digest(stored, hash.finish());
  };
  try {
    TarReader reader(bytes, stored.file.size);
    while (const TarEntry* entry = reader.next())
      take(*entry, reader);
  } catch (const Error& error) {
    // It may be damage that makes it look so.
    if (error.kind() == ErrorKind::kInvalid) verify();
    throw;
  }
  verify();
}

}  // namespace acistore
