// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_TAR_SPARSE_HPP
#define ACISTORE_ACI_TAR_SPARSE_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aci/tar.hpp"
#include "aci/tar_header.hpp"

namespace acistore {

// Where the parts of a sparse file lie, in the ways that GNU tar has had of saying it (its manual,
// "Storing Sparse Files"). All of these throw Error(kInvalid).

// Appends a region. Throws past kMaxSparseRegions.
void add_region(std::vector<SparseRegion>& regions, std::int64_t offset, std::int64_t length);

// Type "S": four regions in the header, and, if that says so, 21 in each block after it.
struct OldSparseHeader {
  std::uint64_t real_size = 0;
  bool extended = false;  // a block of further regions follows
};
OldSparseHeader parse_old_sparse_header(const TarBlock& header, std::vector<SparseRegion>& regions);
// Returns whether a further block follows.
bool parse_old_sparse_block(const TarBlock& block, std::vector<SparseRegion>& regions);

// pax 0.1: GNU.sparse.numblocks=N, GNU.sparse.map=OFFSET,LENGTH,OFFSET,LENGTH...
void parse_sparse_list(std::string_view list, std::vector<SparseRegion>& regions);

// pax 1.0: the map stands in front of the content, as decimal numbers with a newline after each:
// how many regions, then offset and length of each; NULs fill it up to a whole block.
class SparseMapParser {
 public:
  explicit SparseMapParser(std::vector<SparseRegion>& regions) : regions_(regions) {}

  // Takes the next block and returns whether the map goes on after it.
  bool feed(const TarBlock& block);

 private:
  void take_number(std::int64_t number);

  std::vector<SparseRegion>& regions_;
  std::uint64_t wanted_ = 1;  // numbers still to come
  bool counted_ = false;
  bool has_offset_ = false;
  std::int64_t offset_ = 0;
  std::string digits_;
};

// Regions in order, apart, inside the real size, and together exactly what is stored: a file whose
// map and content disagree would come out differently from every reader.
void check_regions(const std::vector<SparseRegion>& regions, std::uint64_t real_size,
                   std::uint64_t stored);

}  // namespace acistore

#endif
