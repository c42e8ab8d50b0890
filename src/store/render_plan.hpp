// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_RENDER_PLAN_HPP
#define ACISTORE_STORE_RENDER_PLAN_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "aci/path_whitelist.hpp"
#include "aci/tar.hpp"
#include "store/render_tree.hpp"

namespace acistore {

// What is done with one entry of an archive that is wanted.
struct RenderStep {
  enum class Action {
    kWrite,       // as it is
    kWriteUnder,  // under the path of the entry `other`
    kLink,        // a hard link to the path of the entry `other`, which this archive has before
  };
  std::uint64_t offset = 0;  // of the entry
  Action action = Action::kWrite;
  EntryPlace other;
};

// A hard link to what may be written after it.
struct RenderLink {
  EntryPlace link;    // the entry whose path it has
  EntryPlace target;  // the entry under whose path the other is
};

struct RenderSteps {
  std::vector<std::vector<RenderStep>> of_archives;  // each by offset
  std::vector<RenderLink> links;                     // for when all archives have been written
  std::vector<std::uint64_t> entries;                // that are taken, by layer
};

// Finds out what comes from where when images are laid over each other, from the headers of their
// archives, before anything is written: so that nothing is written that another one replaces.
//
// A whitelist works as if the archive had no other entries. Only to a hard link it leaves what that
// names: where the entry is not wanted itself, the link becomes a file with that content. What a
// hard link names is looked for among all that came before it, in its own archive and those below.
class RenderPlan {
 public:
  RenderPlan(std::size_t archives, bool any_whitelist);

  // The entries of an archive come next, over all that came before, those which all the whitelists
  // keep. The whitelists must live until the next layer. An archive may come several times.
  void begin_layer(std::uint32_t archive, std::vector<const PathWhitelist*> whitelists);

  // In the order of the archive. Throws Error(kInvalid) if no such tree can be, see RenderTree; it
  // names the entry.
  void add(const TarEntry& entry, std::uint64_t offset);

  // To be called once, at the end.
  RenderSteps finish();

 private:
  struct HardLink {
    EntryPlace own;
    EntryPlace source;

    // Whether the archive of both has it after its source. That is so unless what it names came
    // with another archive, or when the archive came before.
    bool follows() const { return own.archive == source.archive && own.offset > source.offset; }
    // Those to one entry together, and first those that are made in passing.
    auto order() const { return std::tuple(source, !follows(), own); }
  };

  bool is_kept(const TarEntry& entry) const;
  std::variant<EntryPlace, std::string> target_of(const TarEntry& hard_link) const;
  void add_directory(const TarEntry& entry, const EntryPlace& own);
  void add_other(const TarEntry& entry, const EntryPlace& own);
  void add_hard_links(std::vector<HardLink> hard_links);

  std::uint32_t archive_ = 0;
  std::vector<const PathWhitelist*> whitelists_;  // of this layer
  RenderTree tree_;
  std::optional<RenderTree> all_;  // as if there were no whitelists; only if there are any
  RenderSteps steps_;
};

}  // namespace acistore

#endif
