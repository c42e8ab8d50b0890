// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CODEC_PIECE_ENCODER_HPP
#define ACISTORE_CODEC_PIECE_ENCODER_HPP

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "codec/encoder.hpp"

namespace acistore {

// A part of the stream that is compressed for itself.
struct Piece {
  Bytes before;  // the end of what comes before it
  Bytes bytes;   // empty only if there are none at all
  bool is_last = false;
};

// Compresses one piece into `out`, of whatever size and content, which it makes as large as it may
// need, and returns how many bytes it took. Each thread has its own.
using CompressPiece = std::function<std::size_t(const Piece& piece, std::vector<std::byte>& out)>;

struct PieceOptions {
  std::size_t piece_bytes;   // of every piece but the last
  std::size_t before_bytes;  // how much of what comes before a piece goes with it, at most
  unsigned threads;
  // Called in any thread, several times.
  std::function<CompressPiece()> make_compressor;
};

// Cuts what is written to it into pieces, has them compressed on all cores, and gives the results
// in order. With one thread, and for a stream of one piece, all happens in the caller's.
class PieceEncoder final : public Encoder {
 public:
  PieceEncoder(PieceOptions options, WriteEncoded write);
  ~PieceEncoder() override;

  void write(Bytes bytes) override;
  void finish() override;

 private:
  using Lock = std::unique_lock<std::mutex>;

  // Belongs to the caller until it counts as made, then to the thread that takes it until is_done
  // is set, and then to the caller again.
  struct Job {
    std::unique_ptr<std::byte[]> buffer;  // before_bytes and piece_bytes, allocated once
    std::size_t before = 0;               // so many bytes of the first part are used, at its end
    std::size_t size = 0;                 // of the second part
    bool is_last = false;
    bool is_done = false;
    std::vector<std::byte> out;
    std::size_t out_size = 0;
    std::exception_ptr failure;
  };

  Job& job(std::uint64_t number) { return jobs_[number % jobs_.size()]; }
  void begin_piece();
  void end_piece(bool is_last);
  void give_first();
  void start_workers();
  void work();
  void compress(Job& job, const CompressPiece& compressor) const;

  PieceOptions options_;
  WriteEncoded write_;
  CompressPiece own_compressor_;
  std::vector<std::thread> workers_;
  bool may_start_workers_;

  std::vector<Job> jobs_;
  std::mutex mutex_;
  std::condition_variable job_made_;
  std::condition_variable job_done_;
  std::uint64_t made_ = 0;   // the next piece is filled in job(made_)
  std::uint64_t taken_ = 0;  // by a thread
  std::uint64_t given_ = 0;  // to write_
  bool is_stopping_ = false;
};

}  // namespace acistore

#endif
