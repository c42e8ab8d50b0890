// SPDX-License-Identifier: Apache-2.0
#include "codec/bzip2_parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "codec/bzip2.hpp"
#include "codec/bzip2_block.hpp"
#include "codec/bzip2_splitter.hpp"

namespace acistore {
namespace {

// A thread decodes so much of a block ahead, which few blocks exceed: run lengths make one of up to
// 46 MB. What is missing is decoded when it is asked for.
constexpr std::size_t kMostAhead = std::size_t{4} << 20;

// Blocks that are decoded or wait to be, beyond one for each thread.
constexpr std::size_t kSpareJobs = 2;

// A job takes up to 14 MB: kMostAhead, 3.7 MB of libbz2, and twice the compressed block, of which
// 2.3 MB is the most. All of them stay below kMaxDecoderMemory.
constexpr unsigned kMostThreads = 12;

// One block on its way.
struct Job {
  Bzip2Segment segment;
  Bzip2BlockDecoder decoder;
  std::unique_ptr<std::byte[]> ahead;  // kMostAhead bytes, allocated once
  std::size_t ahead_size = 0;
  bool is_done = false;  // with what is decoded ahead
};

class ParallelBzip2Decoder final : public Reader {
 public:
  ParallelBzip2Decoder(std::unique_ptr<Reader> compressed, unsigned threads)
      : splitter_(std::move(compressed)),
        most_workers_(std::min(threads, kMostThreads)),
        jobs_(most_workers_ + kSpareJobs) {
    workers_.reserve(most_workers_);
  }

  ~ParallelBzip2Decoder() override { stop_workers(); }

  std::size_t read(std::span<std::byte> out) override {
    if (failure_) std::rethrow_exception(failure_);
    std::size_t filled = 0;
    while (filled < out.size()) {
      const auto room = out.subspan(filled);
      if (!serial_) {
        filled += read_blocks(room);
        continue;
      }
      try {
        const std::size_t count = read_serial(room);
        if (count == 0) break;
        filled += count;
      } catch (const Error&) {
        // It comes again, when what came before it has been given.
        if (filled == 0) throw;
        break;
      }
    }
    return filled;
  }

 private:
  using Lock = std::unique_lock<std::mutex>;

  Job& job(std::size_t number) { return jobs_[number % jobs_.size()]; }

  // Some of what comes next; none if there has to be another call.
  std::size_t read_blocks(std::span<std::byte> out);

  // Has as many jobs under way as there may be.
  void make_jobs();
  void start_workers();
  void stop_workers();

  // Returns when the first job is done.
  void wait_for_first_job();
  void finish_first_job();

  // What a worker does: all jobs, whichever comes next.
  void work();
  void decode_ahead(Job& job);

  // Has the serial decoder take over at `place`, of which `given` bytes were given already.
  void decode_serially(Bzip2Place place, std::uint64_t given);
  std::size_t read_serial(std::span<std::byte> out);

  // Of the thread that reads alone.
  Bzip2Splitter splitter_;
  std::size_t first_job_ = 0;  // the jobs under way are those from here to made_
  std::uint64_t given_ = 0;    // bytes of the first job
  std::unique_ptr<Reader> serial_;
  std::exception_ptr failure_;     // there was to be a serial_
  std::uint64_t passed_over_ = 0;  // how much of what serial_ gives was given already
  std::vector<std::thread> workers_;
  std::size_t most_workers_;

  // A job belongs to the thread that reads until it counts as made, then to whoever takes it until
  // is_done is set, and then to the thread that reads again.
  std::vector<Job> jobs_;
  std::mutex mutex_;
  std::condition_variable job_made_;
  std::condition_variable job_done_;
  std::size_t made_ = 0;
  std::size_t taken_ = 0;
  std::atomic<bool> is_stopping_ = false;
};

std::size_t ParallelBzip2Decoder::read_blocks(std::span<std::byte> out) {
  make_jobs();
  if (first_job_ == made_) {
    decode_serially(splitter_.place(), 0);
    return 0;
  }
  wait_for_first_job();
  Job& first = job(first_job_);
  using State = Bzip2BlockDecoder::State;
  if (first.decoder.state() == State::kNotRight) {
    decode_serially(first.segment.place, given_);
    return 0;
  }
  std::size_t count = 0;
  if (given_ < first.ahead_size) {
    const auto given = static_cast<std::size_t>(given_);
    count = std::min(out.size(), first.ahead_size - given);
    std::copy_n(first.ahead.get() + given, count, out.data());
  } else if (first.decoder.state() == State::kGoesOn) {
    count = first.decoder.step(out);
  }
  given_ += count;
  if (given_ >= first.ahead_size && first.decoder.state() == State::kRight) finish_first_job();
  return count;
}

void ParallelBzip2Decoder::make_jobs() {
  while (made_ - first_job_ < jobs_.size()) {
    Job& next = job(made_);
    if (!splitter_.next(next.segment)) return;
    if (!next.ahead) next.ahead = std::make_unique_for_overwrite<std::byte[]>(kMostAhead);
    next.is_done = false;
    next.ahead_size = 0;
    {
      const Lock lock(mutex_);
      ++made_;
    }
    job_made_.notify_one();
    start_workers();
  }
}

void ParallelBzip2Decoder::start_workers() {
  // The second block tells that this is no small file.
  if (made_ < 2) return;
  try {
    while (workers_.size() < std::min(most_workers_, made_))
      workers_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    most_workers_ = workers_.size();
  }
}

void ParallelBzip2Decoder::stop_workers() {
  {
    const Lock lock(mutex_);
    is_stopping_ = true;
  }
  job_made_.notify_all();
  for (std::thread& worker : workers_)
    worker.join();
  workers_.clear();
}

void ParallelBzip2Decoder::wait_for_first_job() {
  Job& first = job(first_job_);
  if (workers_.empty()) {
    if (std::exchange(first.is_done, true)) return;
    ++taken_;
    decode_ahead(first);
    return;
  }
  Lock lock(mutex_);
  job_done_.wait(lock, [&] { return first.is_done; });
}

void ParallelBzip2Decoder::finish_first_job() {
  ++first_job_;
  given_ = 0;
  splitter_.release_before(first_job_ < made_ ? job(first_job_).segment.place : splitter_.place());
}

void ParallelBzip2Decoder::work() {
  Lock lock(mutex_);
  while (true) {
    job_made_.wait(lock, [&] { return is_stopping_ || taken_ < made_; });
    if (is_stopping_) return;
    Job& next = job(taken_++);
    lock.unlock();
    decode_ahead(next);
    lock.lock();
    next.is_done = true;
    job_done_.notify_one();
  }
}

void ParallelBzip2Decoder::decode_ahead(Job& job) {
  job.decoder.start(job.segment);
  while (job.decoder.state() == Bzip2BlockDecoder::State::kGoesOn && job.ahead_size < kMostAhead &&
         !is_stopping_)
    job.ahead_size +=
        job.decoder.step({job.ahead.get() + job.ahead_size, kMostAhead - job.ahead_size});
}

void ParallelBzip2Decoder::decode_serially(Bzip2Place place, std::uint64_t given) {
  stop_workers();
  std::vector<Job>().swap(jobs_);
  passed_over_ = given;
  try {
    serial_ = make_bzip2_decoder_at(place, splitter_.rest_from(place));
  } catch (...) {
    // No memory; nothing is left to begin with again.
    failure_ = std::current_exception();
    throw;
  }
}

std::size_t ParallelBzip2Decoder::read_serial(std::span<std::byte> out) {
  while (passed_over_ > 0) {
    const std::size_t count = serial_->read(
        out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), passed_over_))));
    if (count == 0) return 0;
    passed_over_ -= count;
  }
  return serial_->read(out);
}

}  // namespace

std::unique_ptr<Reader> make_parallel_bzip2_decoder(std::unique_ptr<Reader> compressed,
                                                    unsigned threads) {
  return std::make_unique<ParallelBzip2Decoder>(std::move(compressed), threads);
}

}  // namespace acistore
