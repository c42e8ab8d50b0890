// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_PIPELINE_HPP
#define ACISTORE_BASE_PIPELINE_HPP

#include <array>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/reader.hpp"
#include "base/source.hpp"

namespace acistore {

// Whether a pipeline may have a thread of its own, or everything happens in the caller's.
enum class Threading { kOwnThread, kNone };

// What a reader gives, handed on in order in a few buffers that are used again and again, while a
// second thread reads ahead. Each buffer may also be written somewhere, in order: by whichever of
// the two threads has nothing better to do, so that both are busy whether reading (decoding) is the
// slower part or what the caller does with the bytes (hashing).
//
// While the reader is idle, what it gave is handed on in a buffer that is not full. A stream that
// fits into one buffer never starts the thread.
class Pipeline final : public Source {
 public:
  using Write = std::function<void(Bytes)>;

  // `reader` must outlive the pipeline, and so must what `write` uses; both are called from either
  // thread, each by one at a time.
  Pipeline(Reader& reader, Threading threading, Write write = {});

  // Waits until a call of the reader that is under way has returned: if that may take for ever, see
  // to it first that it does not (base/interrupt.hpp).
  ~Pipeline() override;

  // Throws what the reader throws, once what it gave before has been handed on, and what `write`
  // throws as soon as that is known.
  Bytes next() override;

  // Returns when all that next() handed on is written. Throws what `write` throws.
  void finish();

 private:
  // Few and small enough to stay in the second level cache of a core, and large enough that a
  // change of threads costs nothing beside the work on one.
  static constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;
  static constexpr std::size_t kBuffers = 8;

  using Lock = std::unique_lock<std::mutex>;

  struct Buffer {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  // One step of the work, if there is one to do that nobody is doing; false otherwise. Called with
  // the lock held, which is released while the work is done.
  bool read_one(Lock& lock);
  bool write_one(Lock& lock);

  void run();  // the thread
  bool all_is_written() const { return written_ == read_; }

  Reader& reader_;
  Write write_;
  bool may_start_thread_;
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Buffer, kBuffers> buffers_;
  // How many runs were read, taken by next(), done with by its caller, and written. Run number n is
  // in buffer n % kBuffers until it is both done with and written.
  std::size_t read_ = 0;
  std::size_t taken_ = 0;
  std::size_t released_ = 0;
  std::size_t written_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool ended_ = false;                // the reader has no more, or failed
  std::exception_ptr read_failure_;   // comes after what was read
  std::exception_ptr write_failure_;  // comes at once
  bool abandoned_ = false;
};

}  // namespace acistore

#endif
