// SPDX-License-Identifier: Apache-2.0
#include "store/dependencies.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "aci/manifest.hpp"
#include "base/error.hpp"
#include "base/quote.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

std::string as_reference(const Dependency& dependency) {
  return Reference{dependency.name, dependency.labels}.text();
}

Error not_found(const std::string& why) {
  return Error(ErrorKind::kNotFound, why);
}

// What the reading of an image ID finds wrong with it is the manifest's fault and not the user's:
// nothing has such a key.
template <typename Key>
Key parse_id(const std::string& id) {
  try {
    return Key::parse(id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kUsage) throw;
    throw not_found(error.message());
  }
}

Image find_by_id(const Stores& stores, const Dependency& dependency) {
  const auto expected = parse_id<ExpectedKey>(dependency.id);
  Image image = find_image(stores, ImageArgument(parse_id<KeyPrefix>(dependency.id)));
  const ImageKey& key = image.blob.key;
  const auto differs = [&](const std::string& how) { return not_found(key.text() + ": " + how); };
  if (!expected.matches(image.blob.digest)) throw differs("its whole image ID is another");
  if (image.name != dependency.name)
    throw differs("its name is " + quoted(image.name) + ", not " + quoted(dependency.name));
  if (const auto how = label_mismatch(image, dependency.labels)) throw differs(*how);
  return image;
}

Image find_dependency(const Stores& stores, const Dependency& dependency) {
  if (!dependency.id.empty()) return find_by_id(stores, dependency);
  if (auto image = best_image(stores, {dependency.name, dependency.labels}))
    return std::move(*image);
  throw not_found("no such image");
}

// Walks the dependencies from the image that was asked for, the last one first: what comes last in
// the order of a rendering comes first here, and what comes again can be left out.
class Resolver {
 public:
  explicit Resolver(const Stores& stores) : stores_(stores) {}

  Layers run(Image image) {
    visit(part_of(std::move(image)), {});
    std::reverse(layers_.order.begin(), layers_.order.end());
    return std::move(layers_);
  }

 private:
  void visit(std::size_t part, std::vector<std::size_t> whitelists) {
    if (!layers_.parts[part].path_whitelist.empty()) {
      const auto place = std::lower_bound(whitelists.begin(), whitelists.end(), part);
      if (place == whitelists.end() || *place != part) whitelists.insert(place, part);
    }
    if (comes_later(part, whitelists)) return;
    if (layers_.order.size() == kMaxLayers) {
      throw with_chain(
          printable(layers_.parts[part].image.name),
          Error(ErrorKind::kInvalid, "more than the limit of " + std::to_string(kMaxLayers) +
                                         " images in one rendering"));
    }
    layers_.order.push_back({.part = part, .whitelists = whitelists});
    chain_.push_back(part);
    std::vector<std::size_t> needed;
    for (const Dependency& dependency : dependencies_[part])
      needed.push_back(follow(dependency));
    for (auto next = needed.rbegin(); next != needed.rend(); ++next)
      visit(*next, whitelists);
    chain_.pop_back();
  }

  bool comes_later(std::size_t part, const std::vector<std::size_t>& whitelists) const {
    return std::any_of(layers_.order.begin(), layers_.order.end(), [&](const Layer& layer) {
      return layer.part == part && std::includes(whitelists.begin(), whitelists.end(),
                                                 layer.whitelists.begin(), layer.whitelists.end());
    });
  }

  // The part that a dependency of the last one in the chain is.
  std::size_t follow(const Dependency& dependency) {
    try {
      if (++followed_ > kMaxDependencies)
        throw Error(ErrorKind::kInvalid,
                    "more than the limit of " + std::to_string(kMaxDependencies) + " dependencies");
      const std::size_t part = part_of(find_dependency(stores_, dependency));
      if (std::find(chain_.begin(), chain_.end(), part) != chain_.end())
        throw Error(ErrorKind::kInvalid, "the dependencies go in a circle");
      return part;
    } catch (const Error& error) {
      throw with_chain(printable(as_reference(dependency)), error);
    }
  }

  std::size_t part_of(Image image) {
    const auto [place, is_new] = numbers_.try_emplace(image.blob.key, layers_.parts.size());
    if (!is_new) return place->second;
    const std::string& key = place->first.text();
    const std::string manifest = manifest_of(stores_, place->first);
    Composition composition;
    try {
      composition = parse_composition(manifest);
    } catch (Error& error) {
      // It was read when the image was imported.
      if (error.kind() != ErrorKind::kInvalid) throw;
      throw Error(ErrorKind::kDamaged,
                  key + ": the store is damaged: its manifest: " + error.message());
    }
    layers_.parts.push_back(
        {.image = std::move(image), .path_whitelist = std::move(composition.path_whitelist)});
    dependencies_.push_back(std::move(composition.dependencies));
    return place->second;
  }

  // `next` is needed by the last one in the chain.
  Error with_chain(const std::string& next, const Error& error) const {
    std::string chain;
    for (const std::size_t part : chain_)
      chain += printable(layers_.parts[part].image.name) + " -> ";
    return Error(error.kind(), chain + next + ": " + error.message());
  }

  const Stores& stores_;
  Layers layers_;                                      // the order from its end
  std::vector<std::vector<Dependency>> dependencies_;  // of each part
  std::map<ImageKey, std::size_t> numbers_;            // of the parts
  std::vector<std::size_t> chain_;                     // from the first to the one in hand
  std::size_t followed_ = 0;
};

}  // namespace

Layers resolve_dependencies(const Stores& stores, const ImageArgument& argument) {
  return Resolver(stores).run(find_image(stores, argument));
}

}  // namespace acistore
