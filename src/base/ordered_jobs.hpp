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
#include <vector>

namespace acistore {

// How many cores this process may use; at least one.
inline unsigned available_cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// Does `count` jobs in up to `workers` threads and hands their results on in order, in the caller's
// thread: deliver(0, make(0)), deliver(1, make(1)), ... Not more than `ahead` results wait for
// their turn. Jobs are begun in order. With one worker all happens in the caller's thread, turn by
// turn.
//
// `make` must not throw and is called from several threads at once. What `deliver` throws ends it
// all, once the jobs under way are done.
template <typename Result>
void run_in_order(std::size_t count, std::size_t workers, std::size_t ahead,
                  const std::function<Result(std::size_t)>& make,
                  const std::function<void(std::size_t, Result)>& deliver) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<Result>> results(count);
  std::size_t begun = 0;
  std::size_t delivered = 0;
  bool stop = false;

  const auto work = [&] {
    std::unique_lock lock(mutex);
    while (!stop && begun < count) {
      if (begun - delivered >= ahead) {
        changed.wait(lock);
        continue;
      }
      const std::size_t job = begun++;
      lock.unlock();
      Result result = make(job);
      lock.lock();
      results[job].emplace(std::move(result));
      changed.notify_all();
    }
  };

  // Joins also when `deliver` throws.
  struct Workers {
    std::vector<std::thread> threads;
    std::function<void()> tell_to_stop;
    ~Workers() {
      tell_to_stop();
      for (std::thread& thread : threads)
        thread.join();
    }
  } pool{{}, [&] {
           const std::lock_guard lock(mutex);
           stop = true;
           changed.notify_all();
         }};
  workers = std::min(workers, count);
  try {
    while (workers > 1 && pool.threads.size() < workers)
      pool.threads.emplace_back(work);
  } catch (const std::system_error&) {
    // Those that could be started do the work, or else the caller.
  }

  for (std::size_t i = 0; i < count; ++i) {
    if (pool.threads.empty()) {
      deliver(i, make(i));
      continue;
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return results[i].has_value(); });
    Result result = std::move(*results[i]);
    results[i].reset();
    ++delivered;
    changed.notify_all();
    lock.unlock();
    deliver(i, std::move(result));
  }
}

}  // namespace acistore

#endif
