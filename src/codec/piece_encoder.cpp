// SPDX-License-Identifier: Apache-2.0
#include "codec/piece_encoder.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace acistore {
namespace {

// Pieces that are compressed or wait to be, or to be given, beyond two for each thread.
constexpr std::size_t kSpareJobs = 2;

}  // namespace

PieceEncoder::PieceEncoder(PieceOptions options, WriteEncoded write)
    : options_(std::move(options)),
      write_(std::move(write)),
      may_start_workers_(options_.threads > 1),
      jobs_(options_.threads > 1 ? 2 * options_.threads + kSpareJobs : 2) {
  begin_piece();
}

PieceEncoder::~PieceEncoder() {
  {
    const Lock lock(mutex_);
    is_stopping_ = true;
  }
  job_made_.notify_all();
  for (std::thread& worker : workers_)
    worker.join();
}

void PieceEncoder::write(Bytes bytes) {
  while (!bytes.empty()) {
    // Not before there is more: it may be the last.
    if (job(made_).size == options_.piece_bytes) end_piece(false);
    Job& current = job(made_);
    const std::size_t count = std::min(bytes.size(), options_.piece_bytes - current.size);
    std::copy_n(bytes.data(), count, current.buffer.get() + options_.before_bytes + current.size);
    current.size += count;
    bytes = bytes.subspan(count);
  }
}

void PieceEncoder::finish() {
  end_piece(true);
  while (given_ < made_)
    give_first();
}

void PieceEncoder::begin_piece() {
  Job& next = job(made_);
  if (!next.buffer)
    next.buffer =
        std::make_unique_for_overwrite<std::byte[]>(options_.before_bytes + options_.piece_bytes);
  next.before = 0;
  next.size = 0;
  next.is_done = false;
  if (made_ == 0) return;
  // A piece is no shorter than what goes with the next one.
  const Job& last = job(made_ - 1);
  next.before = options_.before_bytes;
  std::copy_n(last.buffer.get() + last.size, next.before, next.buffer.get());
}

void PieceEncoder::end_piece(bool is_last) {
  Job& full = job(made_);
  full.is_last = is_last;
  if (!is_last && may_start_workers_) start_workers();
  {
    const Lock lock(mutex_);
    ++made_;
  }
  if (!workers_.empty()) {
    job_made_.notify_one();
  } else {
    if (!own_compressor_) own_compressor_ = options_.make_compressor();
    compress(full, own_compressor_);
    full.is_done = true;
    ++taken_;
    give_first();
  }
  if (is_last) return;
  // The one that was just made is still needed, for its end.
  while (made_ - given_ >= jobs_.size())
    give_first();
  begin_piece();
}

void PieceEncoder::give_first() {
  Job& first = job(given_);
  if (!workers_.empty()) {
    Lock lock(mutex_);
    job_done_.wait(lock, [&] { return first.is_done; });
  }
  if (first.failure) std::rethrow_exception(first.failure);
  write_(Bytes(first.out).first(first.out_size));
  ++given_;
}

void PieceEncoder::start_workers() {
  may_start_workers_ = false;
  workers_.reserve(options_.threads);
  try {
    while (workers_.size() < options_.threads)
      workers_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // Those that could be started do the work, or else the caller.
  }
}

void PieceEncoder::work() {
  CompressPiece compressor;
  Lock lock(mutex_);
  while (true) {
    job_made_.wait(lock, [&] { return is_stopping_ || taken_ < made_; });
    if (is_stopping_) return;
    Job& next = job(taken_++);
    lock.unlock();
    try {
      if (!compressor) compressor = options_.make_compressor();
      compress(next, compressor);
    } catch (...) {
      next.failure = std::current_exception();
    }
    lock.lock();
    next.is_done = true;
    job_done_.notify_one();
  }
}

void PieceEncoder::compress(Job& job, const CompressPiece& compressor) const {
  const std::byte* const start = job.buffer.get() + options_.before_bytes;
  job.out_size = compressor({.before = {start - job.before, job.before},
                             .bytes = {start, job.size},
                             .is_last = job.is_last},
                            job.out);
}

}  // namespace acistore
