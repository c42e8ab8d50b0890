// SPDX-License-Identifier: Apache-2.0
#include "store/render_tree.hpp"

#include <string>

#include "aci/archive.hpp"
#include "base/error.hpp"

namespace acistore {

RenderTree::RenderTree(std::size_t max_paths)
    : key_(random_sip_hash_key()), max_paths_(max_paths) {}

void RenderTree::put_directory(std::string_view path, const EntryPlace& own) {
  Node& node = obtain(path).second;
  node.own = node.source = own;
  node.layer = node.last_layer = layer_;
  node.kind = Kind::kDirectory;
}

void RenderTree::put(std::string_view path, const EntryPlace& own, const EntryPlace& source) {
  Node& node = obtain(path).second;
  if (node.last_layer == layer_)
    throw Error(ErrorKind::kInvalid, "is no directory, and another entry lies below it");
  drop_below(node);
  node.own = own;
  node.source = source;
  node.layer = node.last_layer = layer_;
  node.kind = Kind::kOther;
}

const RenderTree::Node* RenderTree::find(std::string_view path) const {
  const auto found = nodes_.find(sip_hash_128(key_, path));
  return found == nodes_.end() ? nullptr : &found->second;
}

// What is there, or an implied directory that belongs to no layer yet.
RenderTree::Item& RenderTree::obtain(std::string_view path) {
  Item* parent = nullptr;
  if (path != kRootfsPath) parent = &enter_directory(path.substr(0, path.rfind('/')));
  const auto [place, is_new] = nodes_.try_emplace(sip_hash_128(key_, path));
  if (!is_new) return *place;
  if (nodes_.size() > max_paths_)
    throw Error(ErrorKind::kInvalid,
                "more than the limit of " + std::to_string(max_paths_) + " paths in one tree");
  if (parent != nullptr) {
    place->second.next_sibling = parent->second.first_child;
    parent->second.first_child = &*place;
  }
  return *place;
}

// In one layer it costs something only once for each directory.
RenderTree::Item& RenderTree::enter_directory(std::string_view path) {
  if (const auto found = nodes_.find(sip_hash_128(key_, path));
      found != nodes_.end() && found->second.last_layer == layer_) {
    if (found->second.kind == Kind::kOther)
      throw Error(ErrorKind::kInvalid, "lies below an entry that is no directory");
    return *found;
  }
  Item& item = obtain(path);
  if (item.second.kind == Kind::kOther) item.second.kind = Kind::kImpliedDirectory;
  item.second.last_layer = layer_;
  return item;
}

void RenderTree::drop_below(Node& node) {
  // Without recursion, and without memory for it: what is still to be dropped is one long list.
  Item* rest = node.first_child;
  node.first_child = nullptr;
  while (rest != nullptr) {
    Item* const item = rest;
    rest = item->second.next_sibling;
    for (Item* child = item->second.first_child; child != nullptr;) {
      Item* const next = child->second.next_sibling;
      child->second.next_sibling = rest;
      rest = child;
      child = next;
    }
    const PathHash hash = item->first;
    nodes_.erase(hash);
  }
}

}  // namespace acistore
