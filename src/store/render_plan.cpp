// SPDX-License-Identifier: Apache-2.0
#include "store/render_plan.hpp"

#include <algorithm>
#include <utility>

#include "aci/archive.hpp"
#include "aci/tar_path.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {
namespace {

// Stands for the content of a hard link to nothing.
constexpr EntryPlace kNowhere{.archive = UINT32_MAX, .offset = 0};

bool is_in_rootfs(std::string_view path) {
  return path.starts_with(kRootfsPath) &&
         (path.size() == kRootfsPath.size() || path[kRootfsPath.size()] == '/');
}

// Whether the entry is written as it is. `steps` are those of its archive, by offset.
bool is_written(const std::vector<RenderStep>& steps, const EntryPlace& entry) {
  const auto found = std::lower_bound(
      steps.begin(), steps.end(), entry.offset,
      [](const RenderStep& step, std::uint64_t offset) { return step.offset < offset; });
  return found != steps.end() && found->offset == entry.offset;
}

void sort_by_offset(std::vector<RenderStep>& steps) {
  std::sort(steps.begin(), steps.end(),
            [](const RenderStep& a, const RenderStep& b) { return a.offset < b.offset; });
}

}  // namespace

RenderPlan::RenderPlan(std::size_t archives, bool any_whitelist) : tree_(kMaxEntries) {
  if (any_whitelist) all_.emplace(kMaxEntries);
  steps_.of_archives.resize(archives);
}

void RenderPlan::begin_layer(std::uint32_t archive, std::vector<const PathWhitelist*> whitelists) {
  archive_ = archive;
  whitelists_ = std::move(whitelists);
  tree_.begin_layer();
  if (all_) all_->begin_layer();
  steps_.entries.push_back(0);
}

void RenderPlan::add(const TarEntry& entry, std::uint64_t offset) {
  if (!is_in_rootfs(entry.path)) return;
  const EntryPlace own{.archive = archive_, .offset = offset};
  try {
    if (entry.type == EntryType::kDirectory)
      add_directory(entry, own);
    else
      add_other(entry, own);
  } catch (Error& error) {
    error.add_context("entry " + std::to_string(entry.number) + " (" + quoted(entry.path) + ")");
    throw;
  }
}

bool RenderPlan::is_kept(const TarEntry& entry) const {
  return std::all_of(whitelists_.begin(), whitelists_.end(), [&](const PathWhitelist* list) {
    return list->keeps(entry.path, entry.type);
  });
}

void RenderPlan::add_directory(const TarEntry& entry, const EntryPlace& own) {
  if (all_) all_->put_directory(entry.path, own);
  if (is_kept(entry)) tree_.put_directory(entry.path, own);
}

void RenderPlan::add_other(const TarEntry& entry, const EntryPlace& own) {
  std::variant<EntryPlace, std::string> source = own;
  if (entry.type == EntryType::kHardLink) source = target_of(entry);
  const auto* place = std::get_if<EntryPlace>(&source);
  if (all_) all_->put(entry.path, own, place == nullptr ? kNowhere : *place);
  if (!is_kept(entry)) return;
  if (place == nullptr) throw Error(ErrorKind::kInvalid, std::get<std::string>(source));
  tree_.put(entry.path, own, *place);
}

// The entry whose content the link has, or what is wrong with it.
std::variant<EntryPlace, std::string> RenderPlan::target_of(const TarEntry& hard_link) const {
  std::string path;
  if (const auto problem = clean_path(hard_link.link, path)) return "hard link: " + *problem;
  const std::string link = "hard link to " + quoted(path) + ", which ";
  if (!is_in_rootfs(path) || path == hard_link.path) return link + "it may not lead to";
  const RenderTree::Node* node = (all_ ? *all_ : tree_).find(path);
  if (node == nullptr) return link + "is no earlier entry";
  if (node->kind != RenderTree::Kind::kOther) return link + "is a directory";
  if (node->source == kNowhere) return link + "is a hard link to nothing";
  return node->source;
}

RenderSteps RenderPlan::finish() {
  std::vector<HardLink> hard_links;
  tree_.each_node([&](const RenderTree::Node& node) {
    if (node.kind == RenderTree::Kind::kImpliedDirectory) return;
    ++steps_.entries[node.layer - 1];
    if (node.own != node.source)
      hard_links.push_back({.own = node.own, .source = node.source});
    else
      steps_.of_archives[node.own.archive].push_back({.offset = node.own.offset, .other = {}});
  });
  for (std::vector<RenderStep>& steps : steps_.of_archives)
    sort_by_offset(steps);
  add_hard_links(std::move(hard_links));
  return std::move(steps_);
}

// All else has been added, by offset.
void RenderPlan::add_hard_links(std::vector<HardLink> hard_links) {
  std::sort(hard_links.begin(), hard_links.end(),
            [](const HardLink& a, const HardLink& b) { return a.order() < b.order(); });
  std::vector<std::pair<std::uint32_t, RenderStep>> steps;
  std::optional<EntryPlace> source;
  EntryPlace written;  // under whose path the content of the source is
  for (const HardLink& link : hard_links) {
    if (link.source != source) {
      source = written = link.source;
      if (!is_written(steps_.of_archives[source->archive], *source)) {
        // Then it is under the path of the first link to it.
        written = link.own;
        steps.emplace_back(source->archive, RenderStep{.offset = source->offset,
                                                       .action = RenderStep::Action::kWriteUnder,
                                                       .other = written});
        continue;
      }
    }
    if (link.follows())
      steps.emplace_back(source->archive, RenderStep{.offset = link.own.offset,
                                                     .action = RenderStep::Action::kLink,
                                                     .other = written});
    else
      steps_.links.push_back({.link = link.own, .target = written});
  }
  for (const auto& [archive, step] : steps)
    steps_.of_archives[archive].push_back(step);
  for (std::vector<RenderStep>& of_archive : steps_.of_archives)
    sort_by_offset(of_archive);
}

}  // namespace acistore
