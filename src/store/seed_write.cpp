// SPDX-License-Identifier: Apache-2.0
#include "store/seed_write.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <variant>

#include "aci/archive.hpp"
#include "base/hashing_source.hpp"
#include "base/ordered_jobs.hpp"
#include "base/pipeline.hpp"
#include "base/quote.hpp"
#include "codec/codec.hpp"
#include "store/cores.hpp"
#include "store/input.hpp"
#include "store/lookup.hpp"

namespace acistore {
namespace {

// How far the reading of image files may run ahead of one that takes long.
constexpr std::size_t kFilesAhead = 64;

struct Described {
  SeedImage image;
  bool is_stored = false;  // and its mark and pins are known
};
using DescribeOutcome = std::variant<Described, Error>;

bool is_image_file(const std::string& argument) {
  struct stat status {};
  return ::stat(argument.c_str(), &status) == 0 && !S_ISDIR(status.st_mode);
}

// Whether it was meant as a file, though it is neither that nor an image of a store.
bool is_written_as_path(const std::string& argument) {
  return argument.ends_with(".aci") || argument.starts_with('/') || argument.starts_with("./") ||
         argument.starts_with("../");
}

Error no_such_file(const std::string& argument) {
  struct stat status {};
  return system_error(::stat(argument.c_str(), &status) == 0 ? EISDIR : errno, printable(argument));
}

std::filesystem::path resolved(const std::string& directory) {
  const std::unique_ptr<char, decltype(&std::free)> path(
      ::realpath(directory.empty() ? "." : directory.c_str(), nullptr), &std::free);
  if (!path) throw_errno(printable(directory));
  return path.get();
}

std::string directory_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

// The path of a file as the lock file names it. The last name of it may be a symbolic link.
std::string relative_path(const std::string& file, const std::filesystem::path& directory) {
  const std::string parent = directory_of(file);
  return (resolved(parent) / file.substr(parent.size())).lexically_relative(directory).string();
}

// A name that reads back as itself; nothing for one that cannot be written as a reference.
std::optional<Reference> name_of(const std::string& name, const Labels& labels) {
  Reference reference{name, labels};
  const std::string text = reference.text();
  if (text.find('\0') != std::string::npos) return std::nullopt;
  try {
    const Reference read = Reference::parse(text);
    const bool is_same = read.name == name && read.labels.size() == labels.size() &&
                         std::all_of(labels.begin(), labels.end(), [&](const Label& label) {
                           return label_value(read.labels, label.name) == label.value;
                         });
    if (is_same) return reference;
  } catch (const Error&) {
  }
  return std::nullopt;
}

Described describe_stored(const Image& image) {
  SeedImage described{.line = 0,
                      .name = name_of(image.name, image.labels),
                      .id = ExpectedKey::parse(image_id(image.blob.digest)),
                      .from = {},
                      .latest = image.latest,
                      .pins = {}};
  for (const Pin& pin : image.pins) {
    if (!pin.expires) described.pins.push_back(pin.owner);
  }
  return {.image = std::move(described), .is_stored = true};
}

Described describe_file(const std::string& file, const std::filesystem::path& directory,
                        const Cores& cores, Progress& progress) {
  InputFile input(file, progress);
  const DecodedStream decoded = decode(input.bytes(), cores.decoding);
  Pipeline bytes(*decoded.bytes, cores.threading);
  HashingSource hashed(bytes);
  const ArchiveContents contents = read_archive(hashed);
  return {.image = {.line = 0,
                    .name = name_of(contents.manifest.name, contents.manifest.labels),
                    .id = ExpectedKey::parse(image_id(hashed.finish())),
                    .from = {relative_path(file, directory)},
                    .latest = {},
                    .pins = {}},
          .is_stored = false};
}

// The owner that the file is for: whoever has pinned most of the images. Not "manual", which is
// everybody's: to prune by it would take away what people have pinned by hand.
std::string owner_of(const std::vector<Described>& images) {
  std::map<std::string, std::size_t> counts;
  for (const Described& described : images) {
    for (const std::string& owner : described.image.pins) {
      if (owner != kDefaultPinOwner) ++counts[owner];
    }
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? std::string(kDefaultSeedOwner) : most->first;
}

// Puts what is known of one image, from several arguments, together.
std::vector<Described> merged(std::vector<Described> all) {
  std::vector<Described> images;
  std::map<ImageKey, std::size_t> numbers;
  for (Described& described : all) {
    const auto [place, is_new] = numbers.emplace(described.image.key(), images.size());
    if (is_new) {
      images.push_back(std::move(described));
      continue;
    }
    Described& image = images[place->second];
    for (std::string& from : described.image.from) {
      if (std::count(image.image.from.begin(), image.image.from.end(), from) == 0)
        image.image.from.push_back(std::move(from));
    }
    if (described.is_stored && !image.is_stored) {
      image.is_stored = true;
      image.image.latest = described.image.latest;
      image.image.pins = std::move(described.image.pins);
    }
  }
  return images;
}

SeedFile to_seed_file(std::vector<Described> all, const Stores* stores) {
  std::vector<Described> images = merged(std::move(all));
  SeedFile file;
  file.owner = owner_of(images);
  const bool has_stored = std::any_of(
      images.begin(), images.end(), [](const Described& described) { return described.is_stored; });
  for (std::size_t depth = 0; has_stored && depth < stores->size(); ++depth)
    file.from.push_back(stores->at(depth).path());
  for (Described& described : images) {
    if (!described.is_stored) described.image.pins = {file.owner};
    file.images.push_back(std::move(described.image));
  }
  return file;
}

// Those that can be described, in order; the others are reported.
std::vector<Described> describe(const Stores* stores, const SeedWriteRequest& request,
                                Progress& progress,
                                const std::function<void(const Error&)>& report) {
  std::vector<Described> described;
  if (request.images.empty()) {
    for (const Image& image : list(*stores, {}))
      described.push_back(describe_stored(image));
    return described;
  }
  // Looked up before the threads begin: one thread uses the database.
  std::vector<std::optional<DescribeOutcome>> known;
  for (const std::string& image : request.images) {
    auto& outcome = known.emplace_back();
    if (is_image_file(image)) continue;
    try {
      outcome = describe_stored(find_image(*stores, parse_image_argument(image)));
    } catch (const Error& error) {
      outcome = is_written_as_path(image) ? no_such_file(image) : error;
    }
  }
  const std::filesystem::path directory =
      resolved(request.file == kStandardOutput ? "" : directory_of(request.file));
  const Cores cores(request.jobs, request.images.size());
  run_in_order<DescribeOutcome>(
      known.size(), cores.workers, kFilesAhead,
      [&](std::size_t i) -> DescribeOutcome {
        if (known[i]) return std::move(*known[i]);
        const std::string& file = request.images[i];
        try {
          return with_context(printable(file),
                              [&] { return describe_file(file, directory, cores, progress); });
        } catch (const Error& error) {
          return error;
        }
      },
      [&](std::size_t, DescribeOutcome outcome) {
        if (const auto* error = std::get_if<Error>(&outcome)) {
          report(*error);
        } else {
          described.push_back(std::get<Described>(std::move(outcome)));
        }
      });
  return described;
}

}  // namespace

bool needs_store(const SeedWriteRequest& request) {
  return request.images.empty() ||
         !std::all_of(request.images.begin(), request.images.end(), is_image_file);
}

void write_seed_file(const Stores* stores, const SeedWriteRequest& request, Progress& progress,
                     const std::function<void(std::string_view)>& to_standard_output,
                     const std::function<void(const Error&)>& report) {
  std::optional<OutputFile> out;
  if (request.file != kStandardOutput) out.emplace(request.file, request.if_exists);
  bool is_complete = true;
  std::vector<Described> images = describe(stores, request, progress, [&](const Error& error) {
    is_complete = false;
    report(error);
  });
  if (!is_complete) return;
  const std::string text = to_toml(to_seed_file(std::move(images), stores));
  if (!out) {
    to_standard_output(text);
    return;
  }
  out->write(as_bytes(text));
  out->publish(request.sync);
}

}  // namespace acistore
