// SPDX-License-Identifier: Apache-2.0
#include "store/render_plan.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "aci/archive.hpp"
#include "base/error.hpp"
#include "catch.hpp"
#include "errors.hpp"

using namespace acistore;

namespace {

constexpr EntryType kFile = EntryType::kFile;
constexpr EntryType kDirectory = EntryType::kDirectory;
constexpr EntryType kSymlink = EntryType::kSymlink;
constexpr EntryType kHardLink = EntryType::kHardLink;

// Paths are written without "rootfs/".
struct Item {
  std::string path;
  EntryType type = kFile;
  std::string link;
};
using Archive = std::vector<Item>;

struct LayerOf {
  std::size_t archive = 0;
  std::vector<std::size_t> lists;  // of Case::lists
};

struct Case {
  std::vector<Archive> archives;
  std::vector<std::vector<std::string>> lists;
  std::vector<LayerOf> layers;
};

std::string full(const std::string& path) {
  return std::string(kRootfsPath) + (path.empty() ? "" : "/" + path);
}

TarEntry entry_of(const Item& item) {
  TarEntry entry;
  entry.path = full(item.path);
  entry.type = item.type;
  entry.link = item.type == kHardLink ? full(item.link) : item.link;
  return entry;
}

// What has become of a path: the type, and "ARCHIVE:NUMBER" of the entry that its content (of a
// directory: its metadata) comes from, nothing for an implied directory.
struct Made {
  EntryType type = kFile;
  std::string from;
  bool operator==(const Made&) const = default;
};
using Tree = std::map<std::string, Made>;

std::string name_of(std::size_t archive, std::size_t number) {
  return std::to_string(archive) + ":" + std::to_string(number);
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// ---- The rule itself: entry after entry into a map.

void remove_below(Tree& tree, const std::string& path) {
  const std::string start = path + "/";
  for (auto at = tree.lower_bound(start); at != tree.end() && at->first.starts_with(start);)
    at = tree.erase(at);
}

void lay(Tree& tree, const std::string& path, const Made& made) {
  for (std::string above = parent_of(path); !above.empty(); above = parent_of(above)) {
    const auto [place, is_new] = tree.try_emplace(above, Made{kDirectory, ""});
    if (place->second.type != kDirectory) place->second = {kDirectory, ""};
  }
  if (made.type != kDirectory) remove_below(tree, path);
  tree[path] = made;
}

bool keeps(const std::vector<std::string>& list, const Item& item) {
  for (const std::string& path : list) {
    if (path == item.path) return true;
    if (item.type == kDirectory && (path.starts_with(item.path + "/") || item.path.empty()))
      return true;
  }
  return false;
}

// Nothing if it cannot be.
std::optional<Tree> model(const Case& test) {
  Tree all;
  Tree kept;
  for (const LayerOf& layer : test.layers) {
    const Archive& archive = test.archives[layer.archive];
    for (std::size_t i = 0; i < archive.size(); ++i) {
      const Item& item = archive[i];
      Made made{item.type, name_of(layer.archive, i)};
      bool is_kept = true;
      for (const std::size_t list : layer.lists)
        is_kept = is_kept && keeps(test.lists[list], item);
      if (item.type == kHardLink) {
        const auto target = all.find(item.link);
        if (target == all.end() || target->second.type == kDirectory ||
            target->second.from.empty() || item.link == item.path) {
          if (is_kept) return std::nullopt;
          made = {kFile, ""};
        } else {
          made = target->second;
        }
      }
      lay(all, item.path, made);
      if (is_kept) lay(kept, item.path, made);
    }
  }
  kept.erase("");
  return kept;
}

// ---- The plan, and what comes of it.

RenderSteps plan(const Case& test) {
  std::vector<PathWhitelist> lists;
  for (const auto& paths : test.lists)
    lists.emplace_back(paths);
  RenderPlan plan(test.archives.size(), !lists.empty());
  for (const LayerOf& layer : test.layers) {
    std::vector<const PathWhitelist*> in_force;
    for (const std::size_t list : layer.lists)
      in_force.push_back(&lists[list]);
    plan.begin_layer(static_cast<std::uint32_t>(layer.archive), in_force);
    std::uint64_t offset = 0;
    for (const Item& item : test.archives[layer.archive])
      plan.add(entry_of(item), offset++);
  }
  return plan.finish();
}

// As a TreeWriter does it, which replaces nothing.
class Writer {
 public:
  explicit Writer(const Case& test) : test_(test) {}

  Tree run(const RenderSteps& steps) {
    for (std::uint32_t archive = 0; archive < steps.of_archives.size(); ++archive) {
      std::optional<std::uint64_t> last;
      for (const RenderStep& step : steps.of_archives[archive]) {
        REQUIRE((!last || *last < step.offset));
        last = step.offset;
        follow({archive, step.offset}, step);
      }
    }
    for (const RenderLink& link : steps.links)
      make_link(path_of(link.link), path_of(link.target));
    for (const auto& [path, file] : made_) {
      for (std::string above = parent_of(path); !above.empty(); above = parent_of(above)) {
        const auto [place, is_new] = tree_.try_emplace(above, Made{kDirectory, ""});
        REQUIRE(place->second.type == kDirectory);
      }
    }
    tree_.erase("");
    return tree_;
  }

  // Which paths are one file.
  const std::map<std::string, int>& files() const { return made_; }

 private:
  const Item& item(const EntryPlace& place) const {
    return test_.archives[place.archive][place.offset];
  }
  const std::string& path_of(const EntryPlace& place) const { return item(place).path; }

  void follow(const EntryPlace& place, const RenderStep& step) {
    const Item& it = item(place);
    switch (step.action) {
      case RenderStep::Action::kWrite:
        return write(it.path, place);
      case RenderStep::Action::kWriteUnder:
        return write(path_of(step.other), place);
      case RenderStep::Action::kLink:
        REQUIRE(it.type == kHardLink);
        return make_link(it.path, path_of(step.other));
    }
  }

  void write(const std::string& path, const EntryPlace& place) {
    REQUIRE(item(place).type != kHardLink);
    REQUIRE(tree_.count(path) == 0);
    tree_[path] = {item(place).type, name_of(place.archive, place.offset)};
    made_[path] = ++files_;
  }

  void make_link(const std::string& path, const std::string& target) {
    REQUIRE(tree_.count(path) == 0);
    REQUIRE(tree_.count(target) == 1);
    REQUIRE(tree_[target].type != kDirectory);
    tree_[path] = tree_[target];
    made_[path] = made_[target];
  }

  const Case& test_;
  Tree tree_;
  std::map<std::string, int> made_;
  int files_ = 0;
};

Tree rendered(const Case& test) {
  const RenderSteps steps = plan(test);
  Writer writer(test);
  Tree tree = writer.run(steps);
  // What has one content is one file.
  std::map<std::string, std::set<int>> files;
  for (const auto& [path, made] : tree) {
    if (made.type != kDirectory) files[made.from].insert(writer.files().at(path));
  }
  for (const auto& [from, numbers] : files)
    CHECK(numbers.size() == 1);
  std::uint64_t taken = 0;
  for (const std::uint64_t entries : steps.entries)
    taken += entries;
  std::uint64_t made = 0;
  for (const auto& [path, file] : writer.files())
    made += path.empty() ? 0 : 1;
  std::uint64_t roots = writer.files().count("");
  CHECK(taken == made + roots);
  return tree;
}

Tree layered(const std::vector<Archive>& archives) {
  Case test{archives, {}, {}};
  for (std::size_t i = 0; i < archives.size(); ++i)
    test.layers.push_back({i, {}});
  Tree tree = rendered(test);
  CHECK(tree == model(test).value());
  return tree;
}

std::string message_of(const std::function<void()>& action) {
  const auto error = error_of(action);
  REQUIRE(error);
  CHECK(error->kind() == ErrorKind::kInvalid);
  return error->message();
}

// ---- Random cases.

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

std::string random_path(Random& random) {
  std::string path;
  for (std::size_t depth = 1 + below(random, 3); depth > 0; --depth)
    path += (path.empty() ? "" : "/") + std::string(1, static_cast<char>('a' + below(random, 3)));
  return path;
}

// No path twice, and nothing below what is no directory.
Archive random_archive(Random& random) {
  Archive archive;
  std::map<std::string, EntryType> types;  // of entries, and of directories that they are in
  std::set<std::string> entries;
  for (std::size_t count = below(random, 8); count > 0; --count) {
    Item item{random_path(random), kFile, {}};
    const std::size_t kind = below(random, 10);
    if (kind < 3) item.type = kDirectory;
    if (kind == 3) item.type = kSymlink;
    if (kind >= 7) {
      item.type = kHardLink;
      item.link = random_path(random);
    }
    if (!entries.insert(item.path).second) continue;
    const auto known = types.find(item.path);
    bool is_good = known == types.end() || (known->second == kDirectory && item.type == kDirectory);
    for (std::string above = parent_of(item.path); !above.empty(); above = parent_of(above)) {
      const auto type = types.find(above);
      is_good = is_good && (type == types.end() || type->second == kDirectory);
    }
    if (!is_good) continue;
    types[item.path] = item.type;
    for (std::string above = parent_of(item.path); !above.empty(); above = parent_of(above))
      types[above] = kDirectory;
    archive.push_back(item);
  }
  return archive;
}

Case random_case(Random& random) {
  Case test;
  for (std::size_t count = 1 + below(random, 4); count > 0; --count)
    test.archives.push_back(random_archive(random));
  for (std::size_t count = below(random, 3); count > 0; --count) {
    std::vector<std::string> list;
    for (std::size_t paths = 1 + below(random, 12); paths > 0; --paths)
      list.push_back(random_path(random));
    test.lists.push_back(list);
  }
  for (std::size_t count = 1 + below(random, 5); count > 0; --count) {
    LayerOf layer{below(random, test.archives.size()), {}};
    for (std::size_t list = 0; list < test.lists.size(); ++list) {
      if (below(random, 2) == 0) layer.lists.push_back(list);
    }
    test.layers.push_back(layer);
  }
  return test;
}

}  // namespace

TEST_CASE("a plan comes to what its layers come to one after the other") {
  Random random(20140830);
  int possible = 0;
  for (int i = 0; i < 4000; ++i) {
    const Case test = random_case(random);
    CAPTURE(i);
    const auto expected = model(test);
    if (expected) {
      ++possible;
      CHECK(rendered(test) == *expected);
    } else {
      CHECK_FALSE(message_of([&] { plan(test); }).empty());
    }
  }
  CHECK(possible > 1000);
}

TEST_CASE("a layer may be left out where it comes again under no further whitelist") {
  Random random(1337);
  for (int i = 0; i < 4000; ++i) {
    Case test = random_case(random);
    // What a link to another layer finds may differ.
    for (Archive& archive : test.archives) {
      for (Item& item : archive)
        if (item.type == kHardLink) item.type = kFile;
    }
    LayerOf again = test.layers[below(random, test.layers.size())];
    if (!again.lists.empty() && below(random, 2) == 0) again.lists.pop_back();
    test.layers.push_back(again);
    Case shorter = test;
    const auto first =
        std::find_if(shorter.layers.begin(), shorter.layers.end() - 1, [&](const LayerOf& layer) {
          return layer.archive == again.archive &&
                 std::includes(layer.lists.begin(), layer.lists.end(), again.lists.begin(),
                               again.lists.end());
        });
    REQUIRE(first != shorter.layers.end() - 1);
    shorter.layers.erase(first);
    CAPTURE(i);
    CHECK(rendered(shorter) == model(test).value());
  }
}

TEST_CASE("what replaces a directory takes all that is in it") {
  CHECK(layered({{{"a/b", kFile, {}}, {"a", kDirectory, {}}}, {{"a", kFile, {}}}}) ==
        Tree{{"a", {kFile, "1:0"}}});
  // Also if a directory comes there again.
  CHECK(layered({{{"a/b", kFile, {}}, {"a", kDirectory, {}}},
                 {{"a", kFile, {}}},
                 {{"a/c", kFile, {}}}}) == Tree{{"a", {kDirectory, ""}}, {"a/c", {kFile, "2:0"}}});
}

TEST_CASE("two directories become one, with the metadata of the upper one") {
  CHECK(layered({{{"a", kDirectory, {}}, {"a/b", kFile, {}}},
                 {{"a", kDirectory, {}}, {"a/c", kFile, {}}}}) ==
        Tree{{"a", {kDirectory, "1:0"}}, {"a/b", {kFile, "0:1"}}, {"a/c", {kFile, "1:1"}}});
  // What it has itself stays where the upper archive has no entry for it.
  CHECK(layered({{{"a", kDirectory, {}}}, {{"a/c", kFile, {}}}}) ==
        Tree{{"a", {kDirectory, "0:0"}}, {"a/c", {kFile, "1:0"}}});
}

TEST_CASE("nothing is laid through a link") {
  CHECK(layered({{{"lib", kSymlink, "usr/lib"}, {"usr/lib/x", kFile, {}}},
                 {{"lib/y", kFile, {}}}}) == Tree{{"lib", {kDirectory, ""}},
                                                  {"lib/y", {kFile, "1:0"}},
                                                  {"usr", {kDirectory, ""}},
                                                  {"usr/lib", {kDirectory, ""}},
                                                  {"usr/lib/x", {kFile, "0:1"}}});
}

TEST_CASE("a hard link keeps the content that it named") {
  SECTION("when that is replaced above") {
    CHECK(layered({{{"a", kFile, {}}, {"b", kHardLink, "a"}, {"c", kHardLink, "b"}},
                   {{"a", kFile, {}}}}) ==
          Tree{{"a", {kFile, "1:0"}}, {"b", {kFile, "0:0"}}, {"c", {kFile, "0:0"}}});
  }
  SECTION("when that comes from below") {
    CHECK(layered({{{"a", kFile, {}}}, {{"b", kHardLink, "a"}}, {{"a", kDirectory, {}}}}) ==
          Tree{{"a", {kDirectory, "2:0"}}, {"b", {kFile, "0:0"}}});
    CHECK(layered({{{"a", kSymlink, "x"}}, {{"b", kHardLink, "a"}}}) ==
          Tree{{"a", {kSymlink, "0:0"}}, {"b", {kSymlink, "0:0"}}});
  }
  SECTION("when no whitelist has that") {
    const Case test{{{{"a", kFile, {}}}, {{"a", kFile, {}}, {"b", kHardLink, "a"}}},
                    {{"b"}},
                    {{0, {0}}, {1, {0}}}};
    CHECK(rendered(test) == Tree{{"b", {kFile, "1:0"}}});
  }
}

TEST_CASE("what no tree can be made of is named") {
  const auto refusal = [](const Archive& upper) {
    Case test{{{{"d/x", kFile, {}}, {"f", kFile, {}}}, upper}, {}, {{0, {}}, {1, {}}}};
    return message_of([&] { plan(test); });
  };
  CHECK(refusal({{"a", kSymlink, "b"}, {"a/c", kFile, {}}}) ==
        "entry 0 (\"rootfs/a/c\"): lies below an entry that is no directory");
  CHECK(refusal({{"a/b/c", kFile, {}}, {"a", kFile, {}}}) ==
        "entry 0 (\"rootfs/a\"): is no directory, and another entry lies below it");
  // The same where another image had a directory before.
  CHECK(refusal({{"d/y", kFile, {}}, {"d", kFile, {}}}) ==
        "entry 0 (\"rootfs/d\"): is no directory, and another entry lies below it");
  CHECK(refusal({{"d", kFile, {}}, {"d/y", kFile, {}}}) ==
        "entry 0 (\"rootfs/d/y\"): lies below an entry that is no directory");
  CHECK(refusal({{"h", kHardLink, "later"}, {"later", kFile, {}}}) ==
        "entry 0 (\"rootfs/h\"): hard link to \"rootfs/later\", which is no earlier entry");
  CHECK(refusal({{"h", kHardLink, "d"}}) ==
        "entry 0 (\"rootfs/h\"): hard link to \"rootfs/d\", which is a directory");
  CHECK(refusal({{"f", kHardLink, "f"}}) ==
        "entry 0 (\"rootfs/f\"): hard link to \"rootfs/f\", which it may not lead to");
  CHECK(refusal({{"h", kHardLink, "../x"}}) ==
        "entry 0 (\"rootfs/h\"): hard link: path \"rootfs/../x\" has a \"..\" component");
}

TEST_CASE("a tree has so many paths and no more") {
  RenderTree tree(3);
  tree.begin_layer();
  tree.put("rootfs/a/b", {0, 1}, {0, 1});
  CHECK(message_of([&] {
          tree.put("rootfs/c", {0, 2}, {0, 2});
        }) == "more than the limit of 3 paths in one tree");
}

TEST_CASE("what is replaced leaves its room") {
  RenderTree tree(4);
  for (std::uint64_t i = 0; i < 100; ++i) {
    tree.begin_layer();
    tree.put("rootfs/a/b", {0, i}, {0, i});
    tree.put("rootfs/a/c", {0, i}, {0, i});
    tree.begin_layer();
    tree.put("rootfs/a", {0, i}, {0, i});
    CHECK(tree.find("rootfs/a/b") == nullptr);
    CHECK(tree.find("rootfs/a")->kind == RenderTree::Kind::kOther);
  }
}
