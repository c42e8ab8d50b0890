// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_BASE_SHA512_STREAMS_HPP
#define ACISTORE_BASE_SHA512_STREAMS_HPP

#include <cstddef>
#include <functional>
#include <memory>

#include "base/error.hpp"
#include "base/reader.hpp"
#include "base/sha512.hpp"

namespace acistore {

// A stream whose digest is wanted, and what is done with that.
class Sha512Job : public Reader {
 public:
  // One of these is called, once, after which the job is destroyed: with the digest of all that
  // read() gave, or with the Error that it threw.
  virtual void finish(const Sha512Digest& digest) = 0;
  virtual void fail(const Error& error) = 0;
};

// Gives the next job; null if there is no more, and then ever after.
using NextSha512Job = std::function<std::unique_ptr<Sha512Job>()>;

// How the hashing of many streams is shared out to threads.
struct Sha512Shares {
  std::size_t threads;
  std::size_t at_once;  // the most that each has under way
};

// The best for so many streams in up to `most_threads` threads. A stream for each thread is the
// fastest. Where there are more, and the processor has lanes (see Sha512Lanes), full lanes in few
// threads are as fast as some lanes in each of many, and leave the other cores to others.
Sha512Shares share_sha512(std::size_t streams, std::size_t most_threads);

// Does all jobs, up to `most_at_once` of them side by side where the processor has lanes for that,
// and otherwise one after the other. Fewer than three are never done side by side, so 1 is as good
// as 2. Side by side they finish in an order of their own: the next begins as soon as any ends.
//
// Everything happens in the thread of the caller. Several threads may each call this with one queue
// behind `next`.
//
// An Error of a job's read() goes to the job; everything else that is thrown ends the call, and the
// jobs that are under way are dropped.
void sha512_streams(const NextSha512Job& next, std::size_t most_at_once);

}  // namespace acistore

#endif
