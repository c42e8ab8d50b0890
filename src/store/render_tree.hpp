// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_RENDER_TREE_HPP
#define ACISTORE_STORE_RENDER_TREE_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "aci/tar_path_set.hpp"

namespace acistore {

// An entry of one of several archives.
struct EntryPlace {
  std::uint32_t archive = 0;
  std::uint64_t offset = 0;  // TarReader::entry_offset()

  auto operator<=>(const EntryPlace&) const = default;
};

// The file tree that comes of archives laid over each other, later entries replacing earlier ones:
// of two directories one is made, with the metadata of the later; in any other case what was there
// is gone, with all that was in it. An entry without one for the directory that it is in makes that
// a directory: with the metadata that it had, if it was one.
//
// Knows paths by their hashes (as PathSet), and of each which entry is there: about 100 bytes.
class RenderTree {
 public:
  enum class Kind : std::uint8_t { kImpliedDirectory, kDirectory, kOther };

  struct Node {
    EntryPlace own;           // the entry of that path; not for an implied directory
    EntryPlace source;        // the entry whose content it has: for a hard link that of another one
    std::uint32_t layer = 0;  // that `own` came with
    Kind kind = Kind::kImpliedDirectory;

   private:
    friend class RenderTree;
    std::uint32_t last_layer = 0;  // that had an entry here or below
    std::pair<const PathHash, Node>* first_child = nullptr;
    std::pair<const PathHash, Node>* next_sibling = nullptr;
  };

  // Throws Error(kInvalid) when there are more paths than that.
  explicit RenderTree(std::size_t max_paths);

  // The next archive comes. In one layer no path comes twice, and an entry that lies below another
  // one that is no directory is an Error(kInvalid), in whatever order they come.
  void begin_layer() { ++layer_; }

  // Clean paths, at or below "rootfs".
  void put_directory(std::string_view path, const EntryPlace& own);
  void put(std::string_view path, const EntryPlace& own, const EntryPlace& source);

  // What is there now; null if nothing is. Valid until the next change.
  const Node* find(std::string_view path) const;

  template <typename Visit>
  void each_node(Visit&& visit) const {
    for (const auto& item : nodes_)
      visit(item.second);
  }

 private:
  struct HashOfHash {
    std::size_t operator()(const PathHash& hash) const noexcept {
      return static_cast<std::size_t>(hash.low);
    }
  };
  using Nodes = std::unordered_map<PathHash, Node, HashOfHash>;
  using Item = Nodes::value_type;

  Item& obtain(std::string_view path);
  Item& enter_directory(std::string_view path);
  void drop_below(Node& node);

  SipHashKey key_;
  std::size_t max_paths_;
  std::uint32_t layer_ = 0;
  Nodes nodes_;
};

}  // namespace acistore

#endif
