// SPDX-License-Identifier: Apache-2.0
#include "base/pipeline.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace acistore {

Pipeline::Pipeline(Reader& reader, Threading threading, Write write)
    : reader_(reader),
      write_(std::move(write)),
      may_start_thread_(threading == Threading::kOwnThread) {}

Pipeline::~Pipeline() {
  {
    const Lock lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Bytes Pipeline::next() {
  Lock lock(mutex_);
  if (released_ < taken_) {
    ++released_;
    changed_.notify_all();
  }
  while (true) {
    if (write_failure_) std::rethrow_exception(write_failure_);
    if (taken_ < read_) {
      const Buffer& buffer = buffers_[taken_++ % kBuffers];
      return {buffer.bytes.get(), buffer.size};
    }
    if (ended_) {
      if (read_failure_) std::rethrow_exception(read_failure_);
      return {};
    }
    // With a thread, what is waited for comes first; alone, each run is written while it is at
    // hand.
    const bool alone = !thread_.joinable();
    if (alone && write_one(lock)) continue;
    if (!read_one(lock) && !write_one(lock)) changed_.wait(lock);
  }
}

void Pipeline::finish() {
  Lock lock(mutex_);
  while (!write_failure_ && !all_is_written()) {
    if (!write_one(lock)) changed_.wait(lock);
  }
  if (write_failure_) std::rethrow_exception(write_failure_);
}

bool Pipeline::read_one(Lock& lock) {
  if (reading_ || ended_ || read_ - std::min(released_, written_) == kBuffers) return false;
  Buffer& buffer = buffers_[read_ % kBuffers];
  reading_ = true;
  lock.unlock();
  std::size_t filled = 0;
  std::exception_ptr failure;
  bool at_end = false;
  try {
    if (!buffer.bytes) buffer.bytes = std::make_unique_for_overwrite<std::byte[]>(kBufferBytes);
    while (filled < kBufferBytes && !at_end) {
      if (filled > 0 && reader_.is_idle()) break;
      const std::size_t count = reader_.read({buffer.bytes.get() + filled, kBufferBytes - filled});
      filled += count;
      at_end = count == 0;
    }
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  reading_ = false;
  ended_ = at_end || failure;
  read_failure_ = failure;
  if (filled > 0) {
    buffer.size = filled;
    ++read_;
    if (!write_) ++written_;
  }
  // The second run tells that this is no small file.
  if (may_start_thread_ && !ended_) {
    may_start_thread_ = false;
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      // One is enough.
    }
  }
  changed_.notify_all();
  return true;
}

bool Pipeline::write_one(Lock& lock) {
  if (writing_ || all_is_written() || write_failure_) return false;
  const Buffer& buffer = buffers_[written_ % kBuffers];
  writing_ = true;
  lock.unlock();
  std::exception_ptr failure;
  try {
    write_({buffer.bytes.get(), buffer.size});
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  writing_ = false;
  if (failure) {
    write_failure_ = failure;
  } else {
    ++written_;
  }
  changed_.notify_all();
  return true;
}

void Pipeline::run() {
  Lock lock(mutex_);
  while (!abandoned_ && !write_failure_ && !(ended_ && all_is_written())) {
    if (!read_one(lock) && !write_one(lock)) changed_.wait(lock);
  }
}

}  // namespace acistore
