// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_ORDERED_JOBS_HPP
#define ACISTORE_BASE_ORDERED_JOBS_HPP

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace acistore {

// How many cores this process may use; at least one.
inline unsigned available_cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// Jobs that are begun in order, by any number of threads, and whose results are handed on in the
// same order: deliver(0, result), deliver(1, result), ...
template <typename Result>
class OrderedJobs {
 public:
  using Work = std::function<void(OrderedJobs&)>;
  using Deliver = std::function<void(std::size_t, Result)>;

  // Has `count` jobs done by `work`, which begins and finishes jobs until there are no more, in up
  // to `workers` threads, and hands the results on in the caller's. With one worker all happens in
  // the caller's thread, and results are handed on as soon as it is their turn.
  //
  // Not more than `ahead` results wait for that: begin() does. A thread with several jobs under way
  // must not wait for one of its own, so they need an `ahead` of `count`.
  //
  // Beside that, `work` must throw only what `deliver` threw in finish(). That ends it all, once
  // the jobs under way are done.
  static void run(std::size_t count, std::size_t workers, std::size_t ahead, const Work& work,
                  const Deliver& deliver) {
    OrderedJobs jobs(count, ahead, deliver);
    const Threads threads(jobs, std::min(workers, count), work);
    if (threads.is_empty()) {
      work(jobs);
    } else {
      jobs.deliver_all();
    }
  }

  // The next job; nothing if there are no more.
  std::optional<std::size_t> begin() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return is_over() || begun_ - delivered_ < ahead_; });
    if (is_over()) return std::nullopt;
    return begun_++;
  }

  // Takes the result of a job that was begun.
  void finish(std::size_t job, Result result) {
    std::unique_lock lock(mutex_);
    results_[job].emplace(std::move(result));
    if (std::this_thread::get_id() != caller_) {
      changed_.notify_all();
      return;
    }
    while (is_next_done())
      deliver_next(lock);
  }

 private:
  // Tells them to stop, and joins, also when `deliver` throws.
  class Threads {
   public:
    Threads(OrderedJobs& jobs, std::size_t count, const Work& work) : jobs_(jobs) {
      try {
        while (count > 1 && threads_.size() < count)
          threads_.emplace_back([&] { work(jobs_); });
      } catch (const std::system_error&) {
        // Those that could be started do the work, or else the caller.
      }
    }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;
    ~Threads() {
      jobs_.stop();
      for (std::thread& thread : threads_)
        thread.join();
    }

    bool is_empty() const { return threads_.empty(); }

   private:
    OrderedJobs& jobs_;
    std::vector<std::thread> threads_;
  };

  OrderedJobs(std::size_t count, std::size_t ahead, const Deliver& deliver)
      : ahead_(ahead), deliver_(deliver), results_(count) {}

  bool is_over() const { return is_stopped_ || begun_ == results_.size(); }
  bool is_next_done() const {
    return delivered_ < results_.size() && results_[delivered_].has_value();
  }

  void deliver_all() {
    std::unique_lock lock(mutex_);
    while (delivered_ < results_.size()) {
      changed_.wait(lock, [&] { return is_next_done(); });
      deliver_next(lock);
    }
  }

  void deliver_next(std::unique_lock<std::mutex>& lock) {
    const std::size_t job = delivered_++;
    Result result = std::move(*results_[job]);
    results_[job].reset();
    changed_.notify_all();
    lock.unlock();
    deliver_(job, std::move(result));
    lock.lock();
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
  }

  const std::size_t ahead_;
  const Deliver& deliver_;
  const std::thread::id caller_ = std::this_thread::get_id();

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::vector<std::optional<Result>> results_;
  std::size_t begun_ = 0;
  std::size_t delivered_ = 0;
  bool is_stopped_ = false;
};

// The same for threads with one job at a time: deliver(0, make(0)), deliver(1, make(1)), ... `make`
// must not throw and is called from several threads at once.
template <typename Result>
void run_in_order(std::size_t count, std::size_t workers, std::size_t ahead,
                  const std::function<Result(std::size_t)>& make,
                  const std::function<void(std::size_t, Result)>& deliver) {
  OrderedJobs<Result>::run(
      count, workers, ahead,
      [&](OrderedJobs<Result>& jobs) {
        while (const std::optional<std::size_t> job = jobs.begin())
          jobs.finish(*job, make(*job));
      },
      deliver);
}

}  // namespace acistore

#endif
