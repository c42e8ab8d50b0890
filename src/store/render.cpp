// SPDX-License-Identifier: Apache-2.0
#include "store/render.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "aci/archive.hpp"
#include "aci/path_whitelist.hpp"
#include "aci/tar_reader.hpp"
#include "base/error.hpp"
#include "base/io.hpp"
#include "base/seeking_source.hpp"
#include "store/dependencies.hpp"
#include "store/read.hpp"
#include "store/render_plan.hpp"
#include "store/unpack.hpp"

namespace acistore {
namespace {

using Archives = std::vector<StoredBlob>;  // of each part

const std::string& key_of(const StoredBlob& archive) {
  return archive.blob.key.text();
}

// By the number of the part whose list it is.
std::map<std::size_t, PathWhitelist> make_whitelists(const std::vector<ImagePart>& parts) {
  std::map<std::size_t, PathWhitelist> lists;
  std::size_t paths = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    if (parts[part].path_whitelist.empty()) continue;
    paths += lists.emplace(part, parts[part].path_whitelist).first->second.size();
    if (paths > kMaxWhitelistPaths)
      throw Error(ErrorKind::kInvalid, "more than the limit of " +
                                           std::to_string(kMaxWhitelistPaths) +
                                           " paths in the whitelists");
  }
  return lists;
}

void plan_archive(const StoredBlob& archive, const SignalWatch& signals, RenderPlan& plan) {
  SeekingSource source(archive.file.fd.get(), archive.file.size);
  TarReader reader(source, archive.file.size);
  while (const TarEntry* entry = reader.next()) {
    signals.check();
    plan.add(*entry, reader.entry_offset());
  }
}

RenderSteps plan_rendering(const Layers& layers, const Archives& archives, Progress& progress,
                           const SignalWatch& signals) {
  const auto lists = make_whitelists(layers.parts);
  RenderPlan plan(archives.size(), !lists.empty());
  for (const Layer& layer : layers.order) {
    std::vector<const PathWhitelist*> in_force;
    for (const std::size_t part : layer.whitelists)
      in_force.push_back(&lists.at(part));
    plan.begin_layer(static_cast<std::uint32_t>(layer.part), std::move(in_force));
    const StoredBlob& archive = archives[layer.part];
    try {
      plan_archive(archive, signals, plan);
    } catch (Error& error) {
      if (error.kind() != ErrorKind::kInvalid) throw;
      // It may be damage that makes it look so.
      FdReader bytes(archive.file.fd.get());
      verify_blob(archive, bytes, progress);
      error.add_context(key_of(archive));
      throw;
    }
  }
  return plan.finish();
}

// Writes what was planned.
class Renderer {
 public:
  Renderer(const Archives& archives, Progress& progress, NewTree& tree)
      : archives_(archives), progress_(progress), tree_(tree) {}

  void run(const RenderSteps& steps) {
    for (std::size_t i = 0; i < archives_.size(); ++i)
      write_archive(archives_[i], steps.of_archives[i]);
    for (const RenderLink& link : steps.links) {
      tree_.signals().check();
      make_link(link);
    }
  }

 private:
  void write_archive(const StoredBlob& archive, const std::vector<RenderStep>& steps) {
    auto step = steps.begin();
    try {
      unpack(archive, progress_, tree_.signals(), [&](const TarEntry& entry, TarReader& reader) {
        if (step == steps.end() || step->offset != reader.entry_offset()) return;
        follow(*step++, entry, reader);
      });
    } catch (Error& error) {
      if (error.kind() == ErrorKind::kInvalid) error.add_context(key_of(archive));
      throw;
    }
    if (step != steps.end())
      throw Error(ErrorKind::kDamaged, key_of(archive) + ": changed while it was read");
  }

  void follow(const RenderStep& step, const TarEntry& entry, TarReader& content) {
    if (step.action == RenderStep::Action::kWrite) return tree_.writer().add(entry, content);
    TarEntry changed = entry;
    (step.action == RenderStep::Action::kLink ? changed.link : changed.path) = path_of(step.other);
    tree_.writer().add(changed, content);
  }

  void make_link(const RenderLink& link) {
    with_entry(link.link, [&](const TarEntry& entry, TarReader& reader) {
      TarEntry changed = entry;
      changed.link = path_of(link.target);
      tree_.writer().add(changed, reader);
    });
  }

  std::string path_of(const EntryPlace& place) const {
    std::string path;
    with_entry(place, [&](const TarEntry& entry, TarReader&) { path = entry.path; });
    return path;
  }

  void with_entry(const EntryPlace& place, const TakeEntry& take) const {
    const StoredBlob& archive = archives_[place.archive];
    SeekingSource source(archive.file.fd.get(), archive.file.size);
    source.seek(place.offset);
    TarReader reader(source, archive.file.size - place.offset);
    const TarEntry* entry = reader.next();
    if (entry == nullptr)
      throw Error(ErrorKind::kDamaged, key_of(archive) + ": changed while it was read");
    take(*entry, reader);
  }

  const Archives& archives_;
  Progress& progress_;
  NewTree& tree_;
};

}  // namespace

Rendering render_image(const Stores& stores, const RenderRequest& request, Progress& progress) {
  const Layers layers = resolve_dependencies(stores, request.image);
  Archives archives;
  for (const ImagePart& part : layers.parts)
    archives.push_back(use_blob(stores, part.image.blob));
  NewTree tree(request.target, std::string(kRootfsPath));
  const RenderSteps steps = plan_rendering(layers, archives, progress, tree.signals());
  Renderer(archives, progress, tree).run(steps);

  Rendering rendering;
  for (std::size_t i = 0; i < layers.order.size(); ++i) {
    const Layer& layer = layers.order[i];
    rendering.layers.push_back({.image = layers.parts[layer.part].image,
                                .whitelists = layer.whitelists.size(),
                                .entries = steps.entries[i]});
  }
  rendering.left_out = tree.publish(stores.sync());
  return rendering;
}

}  // namespace acistore
