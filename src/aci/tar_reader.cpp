// SPDX-License-Identifier: Apache-2.0
#include "aci/tar_reader.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "aci/tar_path.hpp"
#include "aci/tar_sparse.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

constexpr std::uint64_t padding_of(std::uint64_t size) {
  return (kTarBlockBytes - size % kTarBlockBytes) % kTarBlockBytes;
}

}  // namespace

// Runs what throws without knowing where, and says where.
template <typename Parse>
decltype(auto) TarReader::in_place(Parse&& parse) const {
  try {
    return parse();
  } catch (Error& error) {
    error.add_context(place());
    throw;
  }
}

const TarEntry* TarReader::next() {
  if (ended_) return nullptr;
  skip_content();
  named_ = false;
  special_.clear();
  entry_offset_ = offset_;
  while (true) {
    TarBlock block;
    if (!read_header(block)) {
      if (special_.count > 0) fail("a special header with no entry after it");
      ended_ = true;
      return nullptr;
    }
    const TarHeader header = in_place([&] { return parse_tar_header(block); });
    switch (header.type) {
      case 'x':
      case 'X':
        read_special(header, special_.pax_text);
        special_.pax = in_place([&] { return parse_pax(special_.pax_text); });
        break;
      case 'g': {
        std::string text;
        read_special(header, text);
        global_.add(in_place([&] { return parse_pax(text); }));
        note(Severity::kWarning,
             "a global pax header, of which some readers apply other records than others");
        break;
      }
      case 'L':
        read_special(header, special_.long_path);
        break;
      case 'K':
        read_special(header, special_.long_link);
        break;
      default:
        if (entries_ == kMaxEntries)
          fail("more than " + std::to_string(kMaxEntries) + " entries (limit of an archive)");
        in_place([&] { set_entry(header); });
        set_content(header, block);
        ++entries_;
        if (report_ == nullptr) return &entry_;
        note_header(header);
        if (!note_bad_path()) return &entry_;
        skip_content();
        named_ = false;
        special_.clear();
    }
  }
}

// False at the end of the archive.
bool TarReader::read_header(TarBlock& block) {
  header_offset_ = offset_;
  const auto read = [&] {
    const std::size_t length = cursor_.read(std::as_writable_bytes(std::span(block)));
    count(length);
    if (length != 0 && length != block.size())
      fail("the archive ends in the middle of a header, after " + std::to_string(length) +
           " bytes of it");
    return length != 0;
  };
  if (!read()) {
    note(Severity::kError, "the two blocks of zeros that end an archive are missing");
    return false;
  }
  if (!is_zero_block(block)) return true;
  if (!read()) {
    note(Severity::kError, "one block of zeros ends the archive, where there must be two");
  } else if (!is_zero_block(block)) {
    fail("a single block of zeros with more entries after it");
  }
  return false;
}

void TarReader::read_block(TarBlock& block, const char* what) {
  const std::size_t length = cursor_.read(std::as_writable_bytes(std::span(block)));
  count(length);
  if (length != block.size()) fail("the archive ends in the middle of " + std::string(what));
}

void TarReader::read_special(const TarHeader& header, std::string& text) {
  if (++special_.count > kMaxSpecialHeadersInARow)
    fail("more than " + std::to_string(kMaxSpecialHeadersInARow) +
         " special headers in a row (limit of an entry)");
  if (header.size < 0) fail("the size of a special header is " + std::to_string(header.size));
  const auto size = static_cast<std::uint64_t>(header.size);
  if (size > kMaxSpecialHeaderBytes)
    fail("a special header has " + std::to_string(size) + " bytes (limit " +
         std::to_string(kMaxSpecialHeaderBytes) + ")");
  text.resize(size);
  const std::size_t length = cursor_.read(std::as_writable_bytes(std::span(text)));
  count(length);
  if (length != size)
    fail("a special header ends after " + std::to_string(length) + " of " + std::to_string(size) +
         " bytes");
  padding_ = padding_of(size);
  skip_content();
}

void TarReader::set_entry(const TarHeader& header) {
  entry_.raw_path = recorded_path(header, special_, joined_path_);
  entry_.number = entries_ + 1;
  named_ = true;
  std::string clean;
  if (report_ != nullptr && clean_path(entry_.raw_path, clean)) {
    // As if it had a path that is good.
    const std::string raw = std::exchange(entry_.raw_path, std::string(kTopDirectory));
    fill_entry(header, special_, global_, entry_);
    entry_.raw_path = raw;
    return;
  }
  fill_entry(header, special_, global_, entry_);
}

void TarReader::set_content(const TarHeader& header, const TarBlock& block) {
  entry_.size = 0;
  entry_.sparse = false;
  entry_.regions.clear();
  position_ = 0;
  stored_left_ = stored_size(header);
  padding_ = padding_of(stored_left_);
  const SparseFormat format = in_place([&] { return sparse_format(special_.pax); });
  if (header.type == 'S') {
    if (header.flavor != TarFlavor::kGnu) fail("a sparse file of type S outside of a GNU archive");
    read_old_sparse(block);
  } else if (format == SparseFormat::kNone) {
    if (entry_.type == EntryType::kFile) entry_.size = stored_left_;
  } else if (entry_.type != EntryType::kFile) {
    fail("a sparse map for " + std::string(describe(entry_.type)));
  } else {
    read_pax_sparse(format);
  }
}

std::uint64_t TarReader::stored_size(const TarHeader& header) const {
  const std::int64_t size =
      in_place([&] { return pax_number("size", special_.pax.size).value_or(header.size); });
  // The list that GNU tar keeps in a directory of type D is passed over, but it is there.
  if (entry_.type != EntryType::kFile && header.type != 'D') return 0;
  if (size < 0) fail("the size is " + std::to_string(size));
  if (static_cast<std::uint64_t>(size) > max_bytes_)
    fail("the size is " + std::to_string(size) +
         " bytes (limit of the uncompressed size: " + std::to_string(max_bytes_) + ")");
  return static_cast<std::uint64_t>(size);
}

void TarReader::read_old_sparse(const TarBlock& header) {
  const auto [real_size, extended] =
      in_place([&] { return parse_old_sparse_header(header, entry_.regions); });
  TarBlock block;
  for (bool more = extended; more;) {
    read_block(block, "a sparse map");
    more = in_place([&] { return parse_old_sparse_block(block, entry_.regions); });
  }
  set_sparse(real_size);
}

void TarReader::read_pax_sparse(SparseFormat format) {
  PaxRecords& pax = special_.pax;
  const auto real_size = in_place([&] {
    return pax.sparse_size.empty() ? pax_number("GNU.sparse.realsize", pax.sparse_realsize)
                                   : pax_number("GNU.sparse.size", pax.sparse_size);
  });
  const std::uint64_t real = real_size ? static_cast<std::uint64_t>(*real_size) : stored_left_;
  if (real_size && *real_size < 0)
    fail("the real size of a sparse file is " + std::to_string(*real_size));
  if (format == SparseFormat::kList) {
    in_place([&] { take_sparse_list(pax, entry_.regions); });
  } else {
    SparseMapParser parser(entry_.regions);
    TarBlock block;
    do {
      if (stored_left_ < block.size()) fail("the sparse map goes beyond the content");
      read_block(block, "a sparse map");
      stored_left_ -= block.size();
    } while (in_place([&] { return parser.feed(block); }));
  }
  set_sparse(real);
}

void TarReader::set_sparse(std::uint64_t real_size) {
  in_place([&] { check_regions(entry_.regions, real_size, stored_left_); });
  entry_.sparse = true;
  entry_.size = real_size;
  next_region_ = 0;
  region_left_ = 0;
}

// Passes over what is left of the current content. That its padding is missing shows at the next
// header: the source has ended then.
void TarReader::skip_content() {
  const std::uint64_t passed = cursor_.skip(stored_left_ + padding_);
  count(passed);
  if (passed < stored_left_)
    fail("content ends " + std::to_string(stored_left_ - passed) + " bytes too early");
  stored_left_ = 0;
  padding_ = 0;
}

DataRun TarReader::next_data() {
  if (entry_.type != EntryType::kFile || stored_left_ == 0) return {};
  std::uint64_t most = stored_left_;
  if (entry_.sparse) {
    // The regions have exactly the bytes that are stored, so that there is one left.
    while (region_left_ == 0) {
      const SparseRegion& region = entry_.regions[next_region_++];
      position_ = region.offset;
      region_left_ = region.length;
    }
    most = region_left_;
  }
  const Bytes bytes = cursor_.take(most);
  if (bytes.empty()) fail("content ends " + std::to_string(stored_left_) + " bytes too early");
  count(bytes.size());
  stored_left_ -= bytes.size();
  if (entry_.sparse) region_left_ -= bytes.size();
  return {std::exchange(position_, position_ + bytes.size()), bytes};
}

void TarReader::skip_to_end() {
  if (report_ != nullptr) note_rest();
  // One more than may be, to see whether there is more.
  count(cursor_.skip(max_bytes_ - offset_ + 1));
}

// Archives are filled up with zeros to a multiple of 10,240 bytes, say; anything else is rubbish.
void TarReader::note_rest() {
  bool is_zero = true;
  for (Bytes run = cursor_.take(kTarBlockBytes); !run.empty(); run = cursor_.take(kTarBlockBytes)) {
    count(run.size());
    is_zero = is_zero && std::ranges::all_of(run, [](std::byte b) { return b == std::byte{0}; });
  }
  if (!is_zero)
    note(Severity::kWarning, "something follows the end; it is part of the image ID, and not read");
  if (offset_ % kTarBlockBytes != 0)
    note(Severity::kError, std::to_string(offset_) + " bytes are no whole number of blocks of " +
                               std::to_string(kTarBlockBytes));
}

void TarReader::note(Severity severity, const std::string& message) const {
  if (report_ == nullptr) return;
  Problem problem{.severity = severity, .field = "archive", .value = {}, .message = message};
  if (named_) {
    problem.field = "entry " + std::to_string(entry_.number);
    problem.value = entry_.raw_path;
  }
  (*report_)(problem);
}

bool TarReader::note_bad_path() const {
  std::string clean;
  const auto problem = clean_path(entry_.raw_path, clean);
  if (!problem) return false;
  // The path is told in any case: without it the message begins as others do.
  const std::string quoted_path = "path " + quoted(entry_.raw_path) + ' ';
  note(Severity::kError, problem->starts_with(quoted_path)
                             ? "the path " + problem->substr(quoted_path.size())
                             : *problem);
  return true;
}

void TarReader::note_header(const TarHeader& header) const {
  constexpr std::string_view kKnown(
      "\0"
      "01234567S",
      10);
  if (header.type == 'D')
    note(Severity::kWarning, "is of type D, a directory with a list for GNU tar");
  else if (kKnown.find(header.type) == std::string_view::npos)
    note(Severity::kWarning,
         "is of the unknown type " + quoted({&header.type, 1}) + ", and taken for a regular file");
}

void TarReader::count(std::uint64_t bytes) {
  offset_ += bytes;
  if (offset_ > max_bytes_)
    throw Error(ErrorKind::kInvalid, "the archive has more than " + std::to_string(max_bytes_) +
                                         " bytes (limit of the uncompressed size)");
}

std::string TarReader::place() const {
  const std::string number = "entry " + std::to_string(named_ ? entry_.number : entries_ + 1);
  return named_ ? number + " (" + quoted(entry_.raw_path) + ")"
                : number + " at byte " + std::to_string(header_offset_);
}

void TarReader::fail(const std::string& message) const {
  throw Error(ErrorKind::kInvalid, place() + ": " + message);
}

Bytes EntryContent::next() {
  static constexpr std::array<std::byte, 64 * 1024> kZeros{};
  if (run_.bytes.empty()) {
    run_ = reader_.next_data();
    if (run_.bytes.empty()) run_.offset = size_;  // zeros to the end
  }
  if (position_ < run_.offset) {
    const auto length = std::min<std::uint64_t>(run_.offset - position_, kZeros.size());
    position_ += length;
    return Bytes(kZeros).first(static_cast<std::size_t>(length));
  }
  position_ += run_.bytes.size();
  return std::exchange(run_.bytes, {});
}

}  // namespace acistore
